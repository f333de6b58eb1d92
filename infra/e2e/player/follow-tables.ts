import { type AssociationSection, type ProgrammeMap, readTable } from "./programme-tables.ts"
import { createSectionReader } from "./sections.ts"
import { streamTypeName, videoCodec } from "./stream-type.ts"

/** What the tables say now, and how they behaved. */
export interface TableState {
  readonly streams: Readonly<Record<number, string>>
  readonly programmes: number
  readonly patChanges: number
  readonly pmtChanges: number
  /** PMTs that changed under an unchanged version_number: players that compare versions miss them. */
  readonly pmtChangesUnderSameVersion: number
  readonly tableCrcErrors: number
}

/**
 * Follows PAT and PMTs. The programme that is watched is the first whose PMT arrives with video, or the
 * first at all while none has video.
 */
export function createTableFollower() {
  const readers = new Map<number, ReturnType<typeof createSectionReader>>()
  const maps = new Map<number, ProgrammeMap>()
  const names: Record<number, string> = {}
  let associations = new Map<number, AssociationSection>()
  let patVersion: number | null = null
  let patComplete = false
  let sawPmt = false
  let pmtPids = new Set<number>()
  let watched: number | null = null
  const counts = { patChanges: 0, pmtChanges: 0, pmtChangesUnderSameVersion: 0, tableCrcErrors: 0 }

  const listed = () => [...associations.values()].flatMap(({ programmes }) => programmes)
  const watchedMap = (): ProgrammeMap | null => (watched === null ? null : (maps.get(watched) ?? null))
  const hasVideo = (map: ProgrammeMap) =>
    map.streams.some(({ streamType }) => videoCodec(streamType) !== null)

  function takePat(pat: AssociationSection): void {
    if (patVersion !== pat.version) {
      if (patVersion !== null) counts.patChanges++
      patVersion = pat.version
      associations = new Map()
    }
    associations.set(pat.sectionNumber, pat)
    pmtPids = new Set(listed().map(({ pmtPid }) => pmtPid))
    if (associations.size <= pat.lastSectionNumber) return
    patComplete = true
    // A programme that the PAT no longer lists is over, and with it what its streams were.
    const programmes = new Set(listed().map(({ programme }) => programme))
    for (const programme of maps.keys()) if (!programmes.has(programme)) maps.delete(programme)
  }

  /** Returns the PIDs of a programme that is listed for the first time. */
  function takePmt(pmt: ProgrammeMap): number[] {
    const before = maps.get(pmt.programme)
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(pmt)) {
      counts.pmtChanges++
      if (before.version === pmt.version) counts.pmtChangesUnderSameVersion++
    }
    maps.set(pmt.programme, pmt)
    sawPmt = true
    for (const { pid, streamType } of pmt.streams) names[pid] = streamTypeName(streamType)
    const current = watchedMap()
    if (current === null || (!hasVideo(current) && hasVideo(pmt))) watched = pmt.programme
    return before === undefined ? pmt.streams.map(({ pid }) => pid) : []
  }

  /** Takes the payload of a packet on a table's PID; returns the PIDs that a new programme listed. */
  function push(pid: number, payload: Buffer, unitStart: boolean, intact: boolean): number[] {
    const reader = readers.get(pid) ?? createSectionReader()
    readers.set(pid, reader)
    if (!intact) reader.drop()
    const newPids: number[] = []
    for (const section of reader.push(payload, unitStart)) {
      const table = readTable(section)
      if (table.kind === "broken") counts.tableCrcErrors++
      else if (table.kind === "pat" && pid === 0) takePat(table.pat)
      else if (table.kind === "pmt" && pid !== 0) newPids.push(...takePmt(table.pmt))
    }
    return newPids
  }

  function streamTypeOf(pid: number): number | null {
    for (const map of maps.values()) {
      for (const stream of map.streams) if (stream.pid === pid) return stream.streamType
    }
    return null
  }

  return {
    push,
    streamTypeOf,
    isTablePid: (pid: number): boolean => pid === 0 || pmtPids.has(pid),
    /** A whole PAT and at least one PMT came. */
    complete: (): boolean => patComplete && sawPmt,
    pcrPid: (): number | null => watchedMap()?.pcrPid ?? null,
    videoPid: (): number | null =>
      watchedMap()?.streams.find(({ streamType }) => videoCodec(streamType) !== null)?.pid ?? null,
    state: (): TableState => ({ streams: { ...names }, programmes: maps.size, ...counts }),
  }
}
