import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Findings } from "./findings.ts"
import type { Proof } from "./proof.ts"
import type { Scene } from "./scene.ts"

// Of XMLTV itself, as Debian packs it.
const dtd = "/usr/share/xmltv/xmltv.dtd"
const guides = ["/guide.xml", "/guide.xml.gz", "/xmltv.php"]

export const xmllint: Proof = {
  name: "xmllint",
  needs: [
    { has: "xmllint", package: "libxml2-utils" },
    { has: dtd, package: "xmltv-util" },
  ],
  async show(scene, findings) {
    for (const path of guides) {
      const answer = await fetch(scene.address(path))
      const isPacked = path.endsWith(".gz")
      const body = new Blob([await answer.arrayBuffer()]).stream()
      const plain = isPacked ? body.pipeThrough(new DecompressionStream("gzip")) : body
      const guide = await new Response(plain).text()
      const file = join(scene.folder, "guide.xml")
      await writeFile(file, guide)
      findings.atLeast(`${path}: programmes`, guide.split("<programme ").length - 1, 100, "programmes")
      await lint(scene, findings, `${path}: well-formed`, ["--noout", "--nonet", file])
      await lint(scene, findings, `${path}: valid`, ["--noout", "--nonet", "--dtdvalid", dtd, file])
    }
  },
}

async function lint(scene: Scene, findings: Findings, what: string, args: string[]): Promise<void> {
  const child = await scene.programs.start("xmllint", args)
  const { code, tail } = await child.exited
  findings.same(what, code === 0 ? "yes" : tail.slice(0, 500), "yes")
}
