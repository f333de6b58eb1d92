import { describe, expect, it } from "vitest"
import { ask } from "../../test-support/edge-under-test.ts"
import { admin } from "../admin.ts"

interface Document {
  openapi: string
  paths: Record<string, Record<string, { summary: string; responses: Record<string, unknown> }>>
}

const operationsOf = (path: object) => Object.keys(path).filter((key) => key !== "parameters")

const document = async () => (await ask("/api/openapi.json")).json<Document>()

describe("GET /api/openapi.json", () => {
  it("describes every route of the admin API, and no other", async () => {
    const routes = admin.routes
      .filter(({ method }) => method !== "ALL")
      .map(
        ({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}")}`,
      )
    const described = Object.entries((await document()).paths).flatMap(([path, operations]) =>
      operationsOf(operations).map((method) => `${method} ${path}`),
    )
    expect(new Set(described)).toEqual(new Set(routes))
  })

  it("says what bodies must be, in the words of the schemas that guard them", async () => {
    const { paths } = await document()
    expect(paths["/channels"]?.patch).toMatchObject({
      requestBody: {
        content: {
          "application/json": {
            schema: {
              required: ["ids"],
              properties: { ids: { type: "array", minItems: 1, maxItems: 5_000 } },
            },
          },
        },
      },
    })
  })

  it("names the answers of each route, refusals too", async () => {
    const { paths } = await document()
    for (const operation of Object.values(paths).flatMap((path) =>
      operationsOf(path).map((method) => path[method]),
    )) {
      if (operation === undefined) throw new Error("no operation")
      expect(operation.summary).toMatch(/^[A-Z].*\.$/)
      expect(Object.keys(operation.responses)).toContainEqual(expect.stringMatching(/^2/))
    }
    expect(Object.keys(paths["/channels/{id}"]?.patch?.responses ?? {})).toEqual(
      expect.arrayContaining(["200", "400", "401", "404", "429", "503"]),
    )
  })
})
