import { Checkbox, Input, PasswordInput, SegmentedControl, Stack, TextInput } from "@mantine/core"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import type { ChangeEvent } from "react"
import { asType } from "../check/other-type.ts"
import type { SourceForm } from "./use-source-form.ts"

const types = [
  { value: "xtream", label: "Xtream server" },
  { value: "m3u", label: "M3U list" },
]

interface LoginFieldsProps {
  form: SourceForm["form"]
  /** As it is stored; null: it is new. */
  row: SourceRow | null
}

/** Where a source is, and who is known there. What is stored of that is never shown: it stays when nothing is typed. */
export function LoginFields({ form, row }: LoginFieldsProps) {
  const { type, withoutLogin } = form.values
  const isXtream = type === "xtream"
  const hasLogin = row !== null && row.username !== null
  // Whether one may be empty depends on the other.
  const inputOf = (name: "username" | "password") => {
    const { onChange, ...input } = form.getInputProps(name)
    return {
      ...input,
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        for (const field of ["username", "password"]) form.clearFieldError(field)
        onChange(event)
      },
    }
  }
  return (
    <Stack>
      {row === null && (
        <Input.Wrapper label="What the provider gave you" labelElement="div">
          <SegmentedControl
            fullWidth
            mt={4}
            aria-label="What the provider gave you"
            data={types}
            value={type}
            onChange={(value) => {
              form.clearErrors()
              form.setValues(asType(form.values, value as typeof type))
            }}
          />
        </Input.Wrapper>
      )}
      <TextInput
        label={isXtream ? "Server address" : "List address"}
        description={
          isXtream
            ? "With its port, as the provider wrote it."
            : "All of it, with what stands behind the question mark."
        }
        placeholder={row === null ? examples[type] : `unchanged: ${row.url}`}
        required={row === null}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps("url")}
      />
      <TextInput
        label="Username"
        description={isXtream || row !== null ? undefined : "Only when the address does not hold the login."}
        placeholder={hasLogin ? `unchanged: ${row.username}` : undefined}
        required={isXtream && row === null}
        disabled={withoutLogin}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...inputOf("username")}
      />
      <PasswordInput
        label="Password"
        placeholder={hasLogin ? "unchanged" : undefined}
        required={isXtream && row === null}
        disabled={withoutLogin}
        autoComplete="new-password"
        {...inputOf("password")}
      />
      {!isXtream && hasLogin && (
        <Checkbox
          label="Without this login"
          description="It is deleted; the list is read without one, unless its address holds one."
          {...form.getInputProps("withoutLogin", { type: "checkbox" })}
        />
      )}
    </Stack>
  )
}

const examples = {
  xtream: "http://provider.example:8080",
  m3u: "http://provider.example/get.php?username=…&password=…",
}
