import { escapeXml } from "./escape-xml.ts"

/** A square with the channel's first letters; its colour follows from the id. */
export function logo(id: number, name: string): string {
  const letters = name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join("")
    .slice(0, 3)
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" width="128" height="128">' +
    `<rect width="128" height="128" rx="20" fill="hsl(${(id * 67) % 360} 55% 40%)"/>` +
    `<text x="64" y="82" font-family="sans-serif" font-size="48" fill="#fff" text-anchor="middle">${escapeXml(letters)}</text></svg>\n`
  )
}
