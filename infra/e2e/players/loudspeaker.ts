import { access, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { eventually } from "../system/eventually.ts"
import type { Programs } from "./programs.ts"

const startMilliseconds = 10_000

/**
 * Starts a PulseAudio whose loudspeaker nobody hears, for programs with the same `HOME` and `XDG_RUNTIME_DIR`. A
 * player that finds none waits for it, and one that is given a sink without a clock plays at the wrong speed.
 */
export async function startLoudspeaker(programs: Programs, environment: NodeJS.ProcessEnv): Promise<void> {
  const folder = environment.XDG_RUNTIME_DIR ?? ""
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await programs.start(
    "pulseaudio",
    [
      ...["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"],
      ...["--load=module-native-protocol-unix", "--load=module-null-sink"],
    ],
    { environment },
  )
  await eventually(
    () =>
      access(join(folder, "pulse", "native")).then(
        () => true,
        () => false,
      ),
    (isThere) => isThere,
    startMilliseconds,
  )
}
