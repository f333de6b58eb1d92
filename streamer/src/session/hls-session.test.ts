import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { HlsSession } from "./hls-session.ts"

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe("a session of HLS", () => {
  it("ends when nothing was asked for three target durations", async () => {
    const session = new HlsSession(() => 2)
    vi.advanceTimersByTime(5_900)
    session.begin()()
    vi.advanceTimersByTime(5_900)
    expect(session.isOpen).toBe(true)
    vi.advanceTimersByTime(200)
    expect(session.isOpen).toBe(false)
    expect(await session.ended).toBe("left")
  })

  it("does not end while a request is answered, however long that takes", () => {
    const session = new HlsSession(() => 2)
    const answers = [session.begin(), session.begin()]
    answers[0]?.()
    vi.advanceTimersByTime(60_000)
    expect(session.isOpen).toBe(true)
    answers[1]?.()
    vi.advanceTimersByTime(5_900)
    expect(session.isOpen).toBe(true)
    vi.advanceTimersByTime(200)
    expect(session.isOpen).toBe(false)
  })

  it("waits longer while the target duration is not known", () => {
    const session = new HlsSession(() => null)
    vi.advanceTimersByTime(17_900)
    expect(session.isOpen).toBe(true)
    vi.advanceTimersByTime(200)
    expect(session.isOpen).toBe(false)
  })

  it("ends at once when it is destroyed, and stays so", async () => {
    const session = new HlsSession(() => 2)
    const answered = session.begin()
    session.destroy()
    session.destroy()
    answered()
    session.begin()()
    expect(await session.ended).toBe("stream-ended")
    expect([session.isOpen, vi.getTimerCount()]).toEqual([false, 0])
  })
})
