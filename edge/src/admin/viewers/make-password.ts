// Entered with a TV's remote: no capitals, and nothing that looks like something else (l, o, 0, 1). 32 of them, so that
// five bits choose one.
const letters = "abcdefghijkmnpqrstuvwxyz23456789"
// 60 bits, which nobody guesses over a network.
const length = 12

/** A password that is hard to guess and easy to enter. `random` fills the bytes, as `crypto.getRandomValues` does. */
export function makePassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): string {
  return Array.from(random(new Uint8Array(length)), (byte) => letters[byte % letters.length]).join("")
}
