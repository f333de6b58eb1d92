import type { DemoChannel } from "./channels.ts"
import { escapeXml } from "./escape-xml.ts"
import { guideDays } from "./guide.ts"

/** `20260102030405 +0000`, the form of XMLTV's DTD. */
function xmltvTime(ms: number): string {
  return `${new Date(ms).toISOString().replaceAll(/[-T:]/g, "").slice(0, 14)} +0000`
}

export function xmltv(channels: DemoChannel[], baseUrl: string, nowMs: number): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<tv generator-info-name="Tributary demo provider">',
  ]
  for (const { id, name, tvgId } of channels)
    lines.push(
      `<channel id="${escapeXml(tvgId)}"><display-name>${escapeXml(name)}</display-name>` +
        `<icon src="${escapeXml(`${baseUrl}/logo/${id}.svg`)}"/></channel>`,
    )
  for (const { id, tvgId } of channels)
    for (const { startMs, stopMs, title, description } of guideDays(id, nowMs))
      lines.push(
        `<programme start="${xmltvTime(startMs)}" stop="${xmltvTime(stopMs)}" channel="${escapeXml(tvgId)}">` +
          `<title lang="en">${escapeXml(title)}</title><desc lang="en">${escapeXml(description)}</desc></programme>`,
      )
  lines.push("</tv>")
  return `${lines.join("\n")}\n`
}
