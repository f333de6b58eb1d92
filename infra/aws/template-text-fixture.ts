/** A CloudFormation template, or a part of one, as `Template.toJSON()` gives it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * The same with CloudFormation's functions written as text, such as `arn:${AWS::Partition}:ecs:…`, which one
 * can read and compare. Tags are left out: every resource has the same.
 */
export function readable(value: Json): Json {
  if (Array.isArray(value)) return value.map(readable)
  if (!isObject(value)) return value
  const [name, argument] = Object.entries(value)[0] ?? []
  if (Object.keys(value).length === 1 && name !== undefined && argument !== undefined) {
    const text = functionText(name, argument)
    if (text !== null) return text
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "Tags")
      .map(([key, item]) => [key, readable(item)]),
  )
}

const text = (value: Json | undefined) => (typeof value === "string" ? value : JSON.stringify(value))

function functionText(name: string, argument: Json): string | null {
  const given = readable(argument)
  if (name === "Ref") return `\${${String(given)}}`
  if (name === "Fn::GetAtt" && Array.isArray(given)) return `\${${given.join(".")}}`
  // What another stack exports; its name ends with the logical id, an attribute and a hash.
  if (name === "Fn::ImportValue") return `\${${String(given).replace(/ExportsOutput(Ref|FnGetAtt)/, "")}}`
  if (name === "Fn::Join" && Array.isArray(given)) {
    const [separator, parts] = given
    return Array.isArray(parts) ? parts.map(text).join(text(separator)) : null
  }
  if (name === "Fn::Select" && Array.isArray(given)) return `${text(given[1])}[${text(given[0])}]`
  if (name === "Fn::Split" && Array.isArray(given)) return `${text(given[1])} split by "${text(given[0])}"`
  if (name === "Fn::GetAZs") return "zones"
  if (name === "Fn::Base64") return String(given)
  return null
}

/** JSON whose lists and objects are on one line each where they fit, so that a change shows as few lines. */
export function layOut(value: Json, indent = ""): string {
  const line = JSON.stringify(value)
  if (typeof value !== "object" || value === null || indent.length + line.length <= 110) return line
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? "[]" : "{}"
  const items = Array.isArray(value)
    ? value.map((item) => layOut(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${layOut(item, inner)}`)
  return `${open}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${close}`
}
