import { type UseFormReturnType, useForm } from "@mantine/form"
import { type UseMutationResult, useMutation } from "@tanstack/react-query"
import { describePath } from "@tributary/shared/config/describe-issue"
import { useState } from "react"
import type * as z from "zod"
import type { ApiError } from "../api/api-error.ts"
import { fieldErrorOf, nearestField } from "./field-error.ts"

export interface SavedFormOptions<Values extends Record<string, unknown>, Answer> {
  initialValues: Values
  /** What is sent: the same schema guards it here and in the API, so the words are the same. */
  schema: z.ZodType
  /** The body that these values make: what was left empty may have to be left out. */
  bodyOf: (values: Values) => unknown
  save: (body: unknown) => Promise<Answer>
  onSaved: (answer: Answer) => void
}

export interface SavedForm<Values extends Record<string, unknown>, Answer> {
  form: UseFormReturnType<Values>
  saving: UseMutationResult<Answer, ApiError, unknown>
  /** What is wrong and belongs to no field; null: nothing. */
  problem: string | null
  /** For `<form onSubmit>`. */
  submit: (event?: React.FormEvent<HTMLFormElement>) => void
}

/** A form whose mistakes are told beside their fields, the server's too, and that loses nothing typed by a failed save. */
export function useSavedForm<Values extends Record<string, unknown>, Answer>(
  options: SavedFormOptions<Values, Answer>,
): SavedForm<Values, Answer> {
  const { initialValues, schema, bodyOf, save, onSaved } = options
  const [problem, setProblem] = useState<string | null>(null)
  const fields = new Set(fieldsOf(initialValues))
  const form = useForm<Values>({
    initialValues,
    // What was not touched yet is not wrong: its message would move what is about to be clicked.
    enhanceGetInputProps: ({ field, form: { isDirty, validateField } }) => ({
      onBlur: () => {
        if (isDirty(field)) void validateField(field)
      },
    }),
    validate: (values) => {
      const issues = schema.safeParse(bodyOf(values)).error?.issues ?? []
      return Object.fromEntries(
        // Of several at one field the first is told.
        issues.toReversed().flatMap(({ path, message }) => {
          const field = nearestField(describePath(path), fields)
          return field === null ? [] : [[field, message]]
        }),
      )
    },
  })
  const saving = useMutation<Answer, ApiError, unknown>({
    mutationFn: save,
    onMutate: () => setProblem(null),
    onSuccess: (answer, _body, _context) => {
      form.resetDirty()
      onSaved(answer)
    },
    onError: (error) => {
      const { field, reason } = fieldErrorOf(error.message)
      const shown = field === null ? null : nearestField(field, fields)
      if (shown === null) setProblem(error.message)
      else form.setFieldError(shown, reason)
    },
  })
  const submit = form.onSubmit(
    (values) => {
      const body = bodyOf(values)
      // What is wrong at a place that has no field here is told all the same.
      const issue = schema.safeParse(body).error?.issues[0]
      if (issue !== undefined) setProblem(`${describePath(issue.path)}: ${issue.message}`)
      else saving.mutate(body)
    },
    // A long form's may be out of sight.
    (errors) => form.getInputNode(Object.keys(errors)[0] ?? "")?.focus(),
  )
  return { form, saving, problem, submit }
}

/** `a`, `b.c`: the places of a form's values; a list or null is one place. */
function fieldsOf(values: Record<string, unknown>, before = ""): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = before === "" ? name : `${before}.${name}`
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value)
    return isGroup ? [path, ...fieldsOf(value as Record<string, unknown>, path)] : [path]
  })
}
