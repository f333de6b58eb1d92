import { execFile } from "node:child_process"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { spawnFfmpeg } from "../../ffmpeg/remuxer.ts"
import { until } from "../../pool/pool-fixture.ts"
import { openStream } from "../open-stream.ts"
import { play, request, serve } from "./hls-fixture.ts"

// Rendering may have to wait for a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const run = promisify(execFile)
let folder: string
let files: Map<string, Buffer>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-fmp4-"))
  const inputs = [
    ...["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=8"],
    ...["-f", "lavfi", "-i", "sine=frequency=440:duration=8"],
  ]
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "aac", "-shortest"]
  const hls = ["-f", "hls", "-hls_time", "2", "-hls_list_size", "0"]
  const fmp4 = ["-hls_segment_type", "fmp4", "-hls_segment_filename", "seg%d.m4s", "list.m3u8"]
  await run("ffmpeg", ["-v", "error", ...inputs, ...coding, ...hls, ...fmp4], { cwd: folder })
  const one = [...hls, "-hls_segment_type", "fmp4", "-hls_flags", "single_file", "one.m3u8"]
  await run("ffmpeg", ["-v", "error", ...inputs, ...coding, ...one], { cwd: folder })
  const aac = ["-vn", "-c:a", "aac", "-f", "segment", "-segment_time", "2", "-segment_list", "aac.m3u8"]
  await run("ffmpeg", ["-v", "error", ...inputs.slice(4), ...aac, "sound%d.aac"], { cwd: folder })
  await run("ffmpeg", ["-v", "error", ...inputs.slice(4), "-c:a", "libmp3lame", "radio.mp3"], { cwd: folder })
  // Sound and picture apart, in each of the two kinds.
  for (const kind of ["mpegts", "fmp4"]) {
    const apart = [...hls, "-hls_segment_type", kind, "-master_pl_name", `${kind}.m3u8`]
    const maps = ["-map", "0:v", "-map", "1:a", "-var_stream_map", "v:0,agroup:a a:0,agroup:a,default:yes"]
    const name = ["-hls_fmp4_init_filename", "init-%v.mp4", `${kind}-%v.m3u8`]
    await run("ffmpeg", ["-v", "error", ...inputs, ...maps, ...coding, ...apart, ...name], { cwd: folder })
  }
  const names = await readdir(folder)
  files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A server of these files, with byte ranges. */
const serveFiles = (change: (name: string, file: Buffer) => Buffer = (_, file) => file) =>
  serve((path, { headers }) => {
    const name = path.slice(1)
    const file = files.get(name)
    if (file === undefined) return undefined
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? "") ?? []
    const body = change(name, file)
    return from === undefined ? body : { status: 206, body: body.subarray(Number(from), Number(to) + 1) }
  })

/** Codecs and the seconds of a stream, as ffprobe has them. */
async function probed(bytes: Buffer) {
  const path = join(folder, `probe-${crypto.randomUUID()}.ts`)
  await writeFile(path, bytes)
  const shown = [
    "-show_entries",
    "stream=codec_name,start_time,nb_read_packets:format=duration",
    "-count_packets",
  ]
  const { stdout } = await run("ffprobe", ["-v", "error", ...shown, "-of", "json", path])
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_name: string; start_time: string; nb_read_packets: string }[]
    format: { duration: string }
  }
  return {
    codecs: streams.map(({ codec_name }) => codec_name).toSorted((one, other) => one.localeCompare(other)),
    packets: Object.fromEntries(streams.map((each) => [each.codec_name, Number(each.nb_read_packets)])),
    seconds: Number(format.duration),
    streams,
  }
}

/** Plays a complete playlist to its end, whatever it lasts. */
async function playAll(url: string, server: Awaited<ReturnType<typeof serve>>) {
  const stream = await play(url)
  while (!stream.hasEnded()) await stream.pass(2_000, server)
  return { stream, ...(await probed(stream.bytes())) }
}

describe("fragmented MP4", () => {
  it.each(["list.m3u8", "one.m3u8"])("becomes MPEG-TS, nothing of it lost (%s)", async (list) => {
    const server = await serveFiles()
    const { stream, codecs, packets, seconds } = await playAll(`${server.url}/${list}`, server)
    expect(await stream.end).toEqual({ code: "finished" })
    expect(codecs).toEqual(["aac", "h264"])
    expect(packets.h264).toBe(200)
    expect(seconds).toBeGreaterThan(7.8)
    expect(stream.bytes().length % 188).toBe(0)
    expect(stream.seams).toEqual([])
    const asked = server.requests.filter((path) => /seg\d/.test(path))
    if (list === "list.m3u8") expect(asked).toEqual([0, 1, 2, 3].map((n) => `/seg${n}.m4s`))
  })

  it("begins anew, with a seam, after a discontinuity", async () => {
    const server = await serveFiles((name, file) =>
      name === "list.m3u8"
        ? Buffer.from(String(file).replace(/(#EXTINF:.*\nseg2)/, "#EXT-X-DISCONTINUITY\n$1"))
        : file,
    )
    const { stream, packets } = await playAll(`${server.url}/list.m3u8`, server)
    expect(stream.seams.map(({ seam }) => seam)).toEqual(["discontinuity"])
    expect(packets.h264).toBe(200)
  })

  it("leaves no ffmpeg behind when it is closed", async () => {
    const children: ReturnType<typeof spawnFfmpeg>[] = []
    const server = await serveFiles()
    const stream = await play(`${server.url}/list.m3u8`, {
      spawn(args) {
        const child = spawnFfmpeg(args)
        children.push(child)
        return child
      },
    })
    await until("there is something", () => stream.bytes().length > 0)
    await stream.upstream.close()
    expect((await stream.end).code).toBe("aborted")
    // It may have come to its own end first.
    const ends = children.map(({ exitCode, signalCode }) => exitCode ?? signalCode)
    expect([[0], ["SIGKILL"]]).toContainEqual(ends)
  })

  it("is unsupported when ffmpeg cannot read it, or is not there", async () => {
    const server = await serveFiles((name, file) =>
      name === "init.mp4" ? Buffer.from(file).fill(0, 40) : file,
    )
    const broken = await play(`${server.url}/list.m3u8`)
    expect(await broken.end).toEqual({ code: "unsupported", what: "container" })
    const sound = await serveFiles()
    const missing = await play(`${sound.url}/list.m3u8`, {
      spawn: (args) => spawnFfmpeg(args, "no-such-ffmpeg"),
    })
    expect(await missing.end).toEqual({ code: "unsupported", what: "container" })
  })
})

describe("sound and picture apart", () => {
  it.each(["mpegts", "fmp4"])("become one stream, nothing of it lost (%s)", async (kind) => {
    const server = await serveFiles()
    const { stream, codecs, packets, streams } = await playAll(`${server.url}/${kind}.m3u8`, server)
    expect([codecs, packets.h264]).toEqual([["aac", "h264"], 200])
    expect(await stream.end).toEqual({ code: "finished" })
    const [one = 0, other = 0] = streams.map(({ start_time }) => Number(start_time))
    expect(Math.abs(one - other)).toBeLessThan(0.15)
    expect(packets.aac).toBeGreaterThan(340)
    expect(server.peakInFlight()).toBeLessThanOrEqual(2)
  })

  it("end where one of them does not continue, to be opened again", async () => {
    const server = await serveFiles((name, file) =>
      name === "mpegts-0.m3u8"
        ? Buffer.from(String(file).replace(/(#EXTINF:.*\nmpegts-02)/, "#EXT-X-DISCONTINUITY\n$1"))
        : file,
    )
    const stream = await play(`${server.url}/mpegts.m3u8`)
    expect(await stream.end).toEqual({ code: "ended" })
    expect(server.requests).not.toContain("/mpegts-03.ts")
  })

  it("leave no ffmpeg behind when they are closed", async () => {
    const children: ReturnType<typeof spawnFfmpeg>[] = []
    const server = await serveFiles()
    const stream = await play(`${server.url}/mpegts.m3u8`, {
      spawn(args) {
        const child = spawnFfmpeg(args)
        children.push(child)
        return child
      },
    })
    await until("there is something", () => stream.bytes().length > 0)
    await stream.upstream.close()
    // It may have come to its own end first.
    const ends = children.map(({ exitCode, signalCode }) => exitCode ?? signalCode)
    expect([[0], ["SIGKILL"]]).toContainEqual(ends)
  })
})

describe("sound without a container", () => {
  it("becomes MPEG-TS when it comes in segments", async () => {
    const server = await serveFiles((_, file) => file)
    const text = String(files.get("aac.m3u8"))
    expect(text).toContain("sound0.aac")
    const { stream, codecs, seconds } = await playAll(`${server.url}/aac.m3u8`, server)
    expect([codecs, await stream.end]).toEqual([["aac"], { code: "finished" }])
    expect(seconds).toBeGreaterThan(7.8)
  })

  it("becomes MPEG-TS when it comes as one body", async () => {
    const server = await serveFiles()
    const result = await openStream(request(`${server.url}/radio.mp3`))
    if (!result.ok) throw new Error(result.failure.code)
    const chunks: Buffer[] = []
    expect(await result.upstream.read((chunk) => void chunks.push(chunk))).toEqual({ code: "ended" })
    const { codecs, seconds } = await probed(Buffer.concat(chunks))
    expect(codecs).toEqual(["mp3"])
    expect(seconds).toBeGreaterThan(7.8)
    await result.upstream.close()
  })
})
