/** A setting, file or program that keeps the system from starting; the message is one line that names it. */
export class SettingError extends Error {
  override name = "SettingError"
}
