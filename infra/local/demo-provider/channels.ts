/** How one loop is made. Everything that changes the bytes is in here: the cache is keyed by its hash. */
export type Recipe = {
  /** ffmpeg's lavfi source without size and rate, or null for a radio channel. */
  picture: string | null
  width: number
  height: number
  /** Hertz. A multiple of 5 ends on a whole period with the loop, so that the seam does not click. */
  toneHz: number
  /** Constant: x264 fills up to it with filler NAL units, which no relay strips as it may null packets. */
  videoBitsPerSecond: number
  audioBitsPerSecond: number
  /** Written into the picture when a font is found. */
  title: string
}

/** How a list says that the past is asked for (`catchup="…"`). */
export type CatchupKind = "xc" | "shift" | "append" | "default" | "flussonic" | "flussonic-hls"

export type DemoChannel = {
  id: number
  name: string
  group: string
  tvgId: string
  recipe: Recipe
  /** Left out: its past is not kept. */
  catchup?: { days: number; kind: CatchupKind }
}

/** A recipe of about 1 Mbit/s at 640x360; say what differs. */
export function recipe(title: string, changes: Partial<Recipe> = {}): Recipe {
  return {
    picture: "testsrc2",
    width: 640,
    height: 360,
    toneHz: 440,
    videoBitsPerSecond: 850_000,
    audioBitsPerSecond: 96_000,
    title,
    ...changes,
  }
}

/**
 * A recipe whose transport stream has this constant rate, to within 2 %, as benchmarks want it. Measured: sound and
 * tables take 130 kbit/s, packet headers 2 % of the picture.
 */
export function recipeAtRate(title: string, bitsPerSecond: number, changes: Partial<Recipe> = {}): Recipe {
  return recipe(title, { videoBitsPerSecond: Math.round((bitsPerSecond - 130_000) / 1.02), ...changes })
}

/** The same programme for a slow line: the second variant of the HLS master playlist. */
export function lowVariant(full: Recipe): Recipe {
  if (full.picture === null) return { ...full, audioBitsPerSecond: 64_000 }
  return { ...full, width: 320, height: 180, videoBitsPerSecond: 250_000, audioBitsPerSecond: 64_000 }
}

function channel(
  id: number,
  name: string,
  group: string,
  tvgId: string,
  changes: Partial<Recipe>,
  kind?: CatchupKind,
): DemoChannel {
  const catchup = kind && { catchup: { days: keptDays, kind } }
  return { id, name, group, tvgId, recipe: recipe(name, changes), ...catchup }
}

const keptDays = 3

export const defaultChannels: DemoChannel[] = [
  channel(
    101,
    "Tributary News HD",
    "News",
    "news.tributary.demo",
    { picture: "testsrc2", toneHz: 440 },
    "xc",
  ),
  channel(
    102,
    "World Report 24",
    "News",
    "world.tributary.demo",
    { picture: "smptehdbars", toneHz: 330 },
    "shift",
  ),
  channel(
    103,
    "Fractal Cinema",
    "Movies",
    "cinema.tributary.demo",
    { picture: "mandelbrot", toneHz: 220 },
    "append",
  ),
  channel(
    104,
    "Gradient Classics",
    "Movies",
    "classics.tributary.demo",
    {
      picture: "gradients=seed=7:speed=0.02",
      toneHz: 550,
    },
    "default",
  ),
  channel(
    105,
    "Life for Kids",
    "Kids",
    "life.tributary.demo",
    {
      picture: "life=mold=10:random_seed=1:ratio=0.1:death_color=0xC83232:life_color=0x00FF00",
      toneHz: 660,
    },
    "flussonic",
  ),
  channel(
    106,
    "Cartoon Automata",
    "Kids",
    "automata.tributary.demo",
    {
      picture: "cellauto=rule=110:random_seed=1",
      toneHz: 880,
    },
    "flussonic-hls",
  ),
  channel(107, "Tributary Radio", "Radio", "radio.tributary.demo", {
    picture: null,
    toneHz: 495,
    audioBitsPerSecond: 128_000,
  }),
]

/** The film that is behind every movie and episode (`titles.ts`); `.mp4` and `.mkv` hold the same content. */
export const demoMovie = {
  id: 9001,
  name: "The Long Tributary",
  year: "2026",
  plot: "A river of test patterns finds its way to the sea.",
  durationSeconds: 60,
  recipe: recipe("The Long Tributary", { picture: "testsrc2", toneHz: 385 }),
}
