const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
}

export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (found) => entities[found] ?? found)
