import * as z from "zod"
import { anyText, choice, identifier, list, record, text, wholeNumber } from "../config/fields.ts"
import { checkArguments } from "./check-arguments.ts"
import type { AudioRecipe, TranscodeProfile, VideoRecipe } from "./transcode-profile.ts"

const bitrate = (maximum: number) =>
  z
    .int("must be a whole number of bit/s, like 2500000")
    .min(16_000, "must be at least 16000: it is in bit/s, not kbit/s")
    .max(maximum, `must be at most ${maximum}: it is in bit/s`)
    .nullish()
    .transform((value) => value ?? null)

const videoFields = record({
  codec: choice("h264", "hevc").default("h264"),
  height: wholeNumber(64)
    .max(4_320, "must be at most 4320")
    .refine((height) => height % 2 === 0, "must be even, like 480")
    .nullable()
    .default(null),
  bitrate: bitrate(100_000_000),
  frameRate: z
    .number("must be a number of pictures per second, like 25")
    .min(1, "must be at least 1")
    .max(120, "must be at most 120")
    .nullable()
    .default(null),
})

// What the encoders take at most.
const audioMaxima = { aac: [1_000_000, 8], ac3: [640_000, 6], mp2: [384_000, 2], mp3: [320_000, 2] } as const

const audioFields = record({
  codec: choice("aac", "ac3", "mp2", "mp3").default("aac"),
  bitrate: bitrate(1_000_000),
  channels: wholeNumber(1).max(8, "must be at most 8").nullable().default(null),
}).superRefine((audio, context) => {
  const [bitrateMaximum, channelsMaximum] = audioMaxima[audio.codec]
  const refuse = (key: string, maximum: number) =>
    context.addIssue({
      code: "custom",
      path: [key],
      message: `must be at most ${maximum} for ${audio.codec}`,
    })
  if ((audio.bitrate ?? 0) > bitrateMaximum) refuse("bitrate", bitrateMaximum)
  if ((audio.channels ?? 0) > channelsMaximum) refuse("channels", channelsMaximum)
})

/** "copy", null or an object: a wrong field of the object is named, not the choice. */
const copyOr = <Fields extends z.ZodType>(fields: Fields) =>
  z
    .union([z.literal("copy"), z.null(), z.looseObject({})], 'must be "copy", null or an object')
    .transform((written, context) => {
      if (written === "copy" || written === null) return written
      const parsed = fields.safeParse(written)
      if (parsed.success) return parsed.data as z.output<Fields>
      for (const issue of parsed.error.issues) {
        const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : []
        const message = unknown.length > 0 ? "unknown key" : issue.message
        context.addIssue({ code: "custom", path: [...issue.path, ...unknown], message })
      }
      return z.NEVER
    })

const templateText = anyText().superRefine((template, context) => {
  const checked = checkArguments(template)
  if (!checked.ok) context.addIssue({ code: "custom", message: checked.message })
})

const fields = {
  name: text(100).optional(),
  output: choice("mpegts", "hls"),
  arguments: templateText,
  video: copyOr(videoFields),
  audio: copyOr(audioFields),
  variants: list(identifier)
    .min(2, "must name at least two profiles")
    .max(8, "must name at most eight profiles"),
}

const written = record({
  id: identifier,
  name: fields.name,
  output: fields.output.optional(),
  arguments: fields.arguments.optional(),
  video: fields.video.optional(),
  audio: fields.audio.optional(),
  variants: fields.variants.optional(),
})
type Written = z.output<typeof written>

/** A transcode profile as users write it: a template, a structured recipe, or several profiles to choose from. */
export const transcodeProfileSchema = written.superRefine((profile, context) => {
  refuseMixedForms(profile, context)
  refuseOddVariants(profile, context)
})

/** Which keys make which form; a profile has one of them, whole. */
const forms: (keyof Written)[][] = [["arguments"], ["video", "audio"], ["variants"]]

function refuseMixedForms(profile: Written, context: z.RefinementCtx): void {
  const refuse = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message })
  const isGiven = (key: keyof Written) => profile[key] !== undefined
  const [first, second] = forms.filter((form) => form.some(isGiven))
  if (first === undefined)
    refuse("arguments", "is missing: a profile has arguments, or video and audio, or variants")
  else if (second !== undefined)
    refuse(second.find(isGiven) ?? "", `cannot stand beside ${first.filter(isGiven).join(" and ")}`)
  for (const key of second === undefined ? (first ?? []) : [])
    if (!isGiven(key)) refuse(key, 'is missing: write "copy" to leave it as it is, or null to leave it out')
  if (profile.video === null && profile.audio === null)
    refuse("audio", "must not be null beside a video of null: nothing would come out")
}

function refuseOddVariants({ id, output, variants = [] }: Written, context: z.RefinementCtx): void {
  if (variants.length > 0 && output === "mpegts")
    context.addIssue({
      code: "custom",
      path: ["output"],
      message: 'must be "hls": players choose from variants there only',
    })
  variants.forEach((variant, at) => {
    const path = ["variants", at]
    if (variant === id) context.addIssue({ code: "custom", path, message: `"${id}" is this profile itself` })
    else if (variants.indexOf(variant) < at)
      context.addIssue({ code: "custom", path, message: `"${variant}" is a duplicate` })
  })
}

export type TranscodeProfileConfig = Written

/** The profile that is written so. Throws for arguments that `transcodeProfileSchema` refuses. */
export function transcodeProfileFrom(config: TranscodeProfileConfig): TranscodeProfile {
  const { id, name = id, variants } = config
  if (variants !== undefined) return { id, name, output: "hls", variants }
  const output = config.output ?? "mpegts"
  if (config.arguments === undefined) {
    const { video = "copy", audio = "copy" } = config
    const recipe = { kind: "structured", video: recipeOf(video), audio: recipeOf(audio) } as const
    return { id, name, output, recipe }
  }
  const checked = checkArguments(config.arguments)
  if (!checked.ok) throw new Error(`transcode profile "${id}": arguments: ${checked.message}`)
  return { id, name, output, recipe: { kind: "arguments", words: checked.words } }
}

function recipeOf<Made extends VideoRecipe | AudioRecipe>(given: Made | "copy" | null) {
  return given === "copy" ? ({ codec: "copy" } as const) : given
}
