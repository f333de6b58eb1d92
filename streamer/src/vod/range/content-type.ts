const types: Readonly<Record<string, string>> = {
  mp4: "video/mp4",
  m4v: "video/mp4",
  mkv: "video/x-matroska",
  webm: "video/webm",
  avi: "video/x-msvideo",
  mov: "video/quicktime",
  ts: "video/mp2t",
  mpg: "video/mpeg",
  mpeg: "video/mpeg",
  wmv: "video/x-ms-wmv",
  flv: "video/x-flv",
  "3gp": "video/3gpp",
  mp3: "audio/mpeg",
  aac: "audio/aac",
  flac: "audio/flac",
  m4a: "audio/mp4",
}

const unknown = "application/octet-stream"

/** The type that a file is sent as: the provider's when it is one of pictures or sound, else by the extension. */
export function contentTypeOf(extension: string, fromProvider: string | null): string {
  const said = fromProvider?.trim().toLowerCase() ?? ""
  if (/^(?:video|audio)\/[\w.+-]+(?:\s*;.*)?$/.test(said)) return said
  return types[extension.toLowerCase()] ?? unknown
}
