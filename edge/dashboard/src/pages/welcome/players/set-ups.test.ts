import { describe, expect, it } from "vitest"
import { type SetUpFigures, setUpsFor } from "./set-ups.ts"

const address = {
  ...{ baseUrl: "http://tv.example", username: "ann", password: "secret" },
  playlist: "http://tv.example/playlist.m3u8?username=ann&password=secret",
  xtream: { server: "http://tv.example", username: "ann", password: "secret" },
  guide: "http://tv.example/xmltv.php?username=ann&password=secret",
  hdhr: "http://tv.example/hdhr/ann/secret",
}

const valuesOf = (id: string, figures: SetUpFigures = { maxStreams: null, channels: null }) => {
  const setUp = setUpsFor(address, figures).find((one) => one.id === id)
  return (setUp?.steps ?? []).flatMap(({ values = [] }) => values.map(({ label, value }) => [label, value]))
}

describe("a player's set-up", () => {
  it("is there for the six that most people have", () => {
    const names = setUpsFor(address, { maxStreams: null, channels: null }).map(({ name }) => name)
    expect(names).toEqual(["VLC", "Kodi", "TiviMate", "IPTV Smarters", "Jellyfin", "Plex"])
  })

  it("of lists has playlist and guide", () => {
    expect(valuesOf("vlc")).toEqual([["Network URL", address.playlist]])
    expect(valuesOf("kodi")).toEqual([
      ["M3U playlist URL", address.playlist],
      ["XMLTV URL", address.guide],
    ])
  })

  it("of Xtream has the login in the order of the form", () => {
    expect(valuesOf("tivimate").map(([label]) => label)).toEqual(["Server address", "Username", "Password"])
    expect(valuesOf("smarters").map(([label]) => label)).toEqual(["Any name", "Username", "Password", "URL"])
  })

  it("of Jellyfin has the viewer's limit, where 0 is none", () => {
    expect(valuesOf("jellyfin", { maxStreams: 2, channels: null })).toContainEqual([
      ...["Simultaneous stream limit", "2"],
    ])
    expect(valuesOf("jellyfin")).toContainEqual(["Simultaneous stream limit", "0"])
  })

  it("of Plex has the tuner, and says when there are more channels than it likes", () => {
    expect(valuesOf("plex")[0]).toEqual(["Network address of the device", address.hdhr])
    const notes = (channels: number) =>
      setUpsFor(address, { maxStreams: null, channels })
        .find(({ id }) => id === "plex")
        ?.notes.join(" ")
    expect(notes(481)).toContain("and you have 481")
    expect(notes(480)).not.toContain("and you have")
  })
})
