const plain = /^[\w@%+=:,./-]+$/

/** A command with its words as a POSIX shell would have to be given them. */
export function shellCommand(program: string, words: readonly string[]): string {
  return [program, ...words].map(quoted).join(" ")
}

/** Within single quotes everything is itself, but for the single quote (POSIX.1 2.2.2). */
function quoted(word: string): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
