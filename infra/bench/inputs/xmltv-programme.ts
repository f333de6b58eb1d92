const words = [
  ..."the a of night day city river story house world last first lost family secret summer war love life".split(
    " ",
  ),
  ..."news match final season special café naïve doctor police king island return journey history".split(" "),
] as const

/** Some words that are always the same for the same number. */
function text(number: number, count: number): string {
  let state = (number + 1) | 0
  const chosen = Array.from({ length: count }, () => {
    state = (Math.imul(state, 0x19660d) + 0x3c6ef35f) | 0
    return words[(state >>> 8) % words.length]
  })
  return chosen.join(" ")
}

/** `20261121120000 +0000` */
export function xmltvTime(seconds: number): string {
  const digits = new Date(seconds * 1000).toISOString().replaceAll(/\D/g, "").slice(0, 14)
  return `${digits} +0000`
}

/** A programme of half an hour as guides have them, of some 400 bytes. `start` in Unix seconds. */
export function xmltvProgramme(channel: string, number: number, start: number): string {
  return (
    `  <programme start="${xmltvTime(start)}" stop="${xmltvTime(start + 1800)}" channel="${channel}">\n` +
    `    <title lang="en">${text(number, 3)} &amp; ${number % 97}</title>\n` +
    `    <desc lang="en">${text(number * 31, 22 + (number % 12))}.</desc>\n` +
    `    <category lang="en">${words[number % words.length]}</category>\n` +
    `    <episode-num system="xmltv_ns">${number % 9}.${number % 23}.</episode-num>\n  </programme>\n`
  )
}

export function xmltvChannel(id: string, name: string): string {
  return `  <channel id="${id}">\n    <display-name>${name}</display-name>\n  </channel>\n`
}
