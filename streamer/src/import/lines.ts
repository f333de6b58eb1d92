/** Lines of a byte stream, whatever its chunks' borders: UTF-8, CR and LF cut off, BOM removed. */
export async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line
  }
  rest += decoder.decode()
  if (rest !== "") yield rest.endsWith("\r") ? rest.slice(0, -1) : rest
}
