import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type Listening, listening } from "./listening.ts"
import { readRequest } from "./read-request.ts"

/** A record as Cloudflare's API has it. */
export interface DnsRecordSet {
  id: string
  type: "A" | "CNAME"
  name: string
  content: string
  comment: string | null
  created_on: string
  modified_on: string
}

/** All that the stand-in for Cloudflare's API knows: tests put it as a whole. */
export interface DnsState {
  zone: string
  token: string
  records: DnsRecordSet[]
  /** The most that one page has, whatever is asked for. */
  recordsPerPage: number
  fault: {
    kind: "throttled" | "hang" | "unavailable" | "not_json"
    /** Only in calls of this method; null: in all. */
    method: "GET" | "DELETE" | null
  } | null
}

export const emptyDns: DnsState = {
  zone: "the-zone",
  token: "the-dns-token",
  records: [],
  recordsPerPage: 100,
  fault: null,
}

/**
 * A stand-in for the DNS part of Cloudflare's API (v4) that fails as it does. Tests set all that it knows by
 * `PUT /state` (`DnsState`) and look at it by `GET /state`; `GET /calls` lists the calls since then.
 */
export function startDnsServer(): Promise<Listening> {
  let state = structuredClone(emptyDns)
  let calls: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readRequest(request)
    const { method = "", url = "" } = request
    if (url === "/state" && method === "PUT") {
      state = { ...structuredClone(emptyDns), ...(JSON.parse(body) as Partial<DnsState>) }
      calls = []
      response.end()
    } else if (url === "/state" || url === "/calls") {
      response.end(JSON.stringify(url === "/state" ? state : calls))
    } else {
      calls.push(`${method} ${url}`)
      answerCall(state, request, response)
    }
  }
  return listening(createServer((request, response) => void answer(request, response)))
}

function answerCall(state: DnsState, request: IncomingMessage, response: ServerResponse): void {
  const { method = "", url = "" } = request
  const send = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body))
  const refuse = (status: number, code: number, message: string, headers = {}) =>
    send(status, { success: false, errors: [{ code, message }], messages: [], result: null }, headers)
  const fault = state.fault?.method === null || state.fault?.method === method ? state.fault : null
  if (fault?.kind === "hang") return
  if (fault?.kind === "throttled") {
    refuse(429, 10429, "Rate limited. Please wait and consider throttling your request speed", {
      "retry-after": "120",
    })
  } else if (fault?.kind === "unavailable") refuse(503, 10001, "Service temporarily unavailable")
  else if (fault?.kind === "not_json") response.end("<html>")
  else if (request.headers.authorization !== `Bearer ${state.token}`)
    refuse(403, 9109, "Invalid access token")
  else {
    const { pathname, searchParams } = new URL(url, "http://dns")
    const path = `/zones/${state.zone}/dns_records`
    const record = state.records.find(({ id }) => pathname === `${path}/${id}`)
    if (method === "GET" && pathname === path) send(200, listed(state, searchParams))
    else if (method === "DELETE" && record !== undefined) {
      state.records.splice(state.records.indexOf(record), 1)
      send(200, { success: true, errors: [], messages: [], result: { id: record.id } })
    } else refuse(404, 81044, "Record does not exist.")
  }
}

function listed({ records, recordsPerPage }: DnsState, query: URLSearchParams) {
  const comment = query.get("comment.exact")?.toLowerCase()
  const ending = query.get("name.endswith") ?? ""
  const found = records.filter(
    (record) =>
      (comment === undefined || record.comment?.toLowerCase() === comment) && record.name.endsWith(ending),
  )
  const perPage = Math.min(Number(query.get("per_page") ?? 100), recordsPerPage)
  const page = Number(query.get("page") ?? 1)
  const result = found.slice((page - 1) * perPage, page * perPage)
  const total_pages = Math.ceil(found.length / perPage)
  return {
    ...{ success: true, errors: [], messages: [], result },
    result_info: { page, per_page: perPage, count: result.length, total_count: found.length, total_pages },
  }
}
