import type { UseFormReturnType } from "@mantine/form"
import type { ProfileValues } from "./profile-values.ts"

/** What the parts of the form get. */
export interface ProfileFieldsProps {
  form: UseFormReturnType<ProfileValues>
}
