/** `2027-01-31T12:00`, in the reader's zone: what a `datetime-local` input holds. */
export function localTimeOf(at: number): string {
  const date = new Date(at)
  const day = [String(date.getFullYear()).padStart(4, "0"), two(date.getMonth() + 1), two(date.getDate())]
  return `${day.join("-")}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `2027-01-31T12:00:00+01:00`, with the offset that the zone has then. What is no time stays as it was written. */
export function withOffset(local: string): string {
  const date = new Date(local)
  if (Number.isNaN(date.getTime())) return local
  const ahead = -date.getTimezoneOffset()
  const offset = `${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`
  return `${localTimeOf(date.getTime())}:${two(date.getSeconds())}${ahead < 0 ? "-" : "+"}${offset}`
}

const two = (value: number) => String(value).padStart(2, "0")
