import { describe, expect, it } from "vitest"
import { FormMemory } from "./form-memory.ts"
import type { PastForm } from "./xtream-past.ts"

const addresses = (...forms: PastForm[]) => forms.map((form) => ({ form, url: `http://a.test/${form}` }))
const forms = (ordered: { form: PastForm }[]) => ordered.map(({ form }) => form)

describe("what a source answered", () => {
  it("is tried first from then on, until another way is answered", () => {
    const memory = new FormMemory()
    const both = addresses("path", "query")
    expect(forms(memory.ordered("a", both))).toEqual(["path", "query"])
    memory.keep("a", both, "query")
    expect(forms(memory.ordered("a", both))).toEqual(["query", "path"])
    memory.keep("a", both, "path")
    expect(forms(memory.ordered("a", both))).toEqual(["path", "query"])
  })

  it("says nothing of other sources, or of other kinds of feeds", () => {
    const memory = new FormMemory()
    memory.keep("a", addresses("path", "query"), "query")
    memory.keep("a", addresses("timeshift", "archive"), "archive")
    expect(forms(memory.ordered("b", addresses("path", "query")))).toEqual(["path", "query"])
    expect(forms(memory.ordered("a", addresses("path", "query")))).toEqual(["query", "path"])
    expect(forms(memory.ordered("a", addresses("timeshift", "archive")))).toEqual(["archive", "timeshift"])
  })
})
