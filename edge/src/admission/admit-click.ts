import { type Admission, type AdmissionRequest, admit, isAdmitted } from "@tributary/shared/lease/admit"
import type { RunScript } from "@tributary/shared/lease/scripts"

// A player that changes channel closes its old connection and asks for the new one at about the same time, and the
// store hears of the close from the streamer. So long it may be on its way.
const leavingMilliseconds = [200, 400]

/**
 * Decides about a click in one round trip. Only when what is in the way is the same player's own stream, which may be
 * about to end, it is asked again, twice at most. Rejects when the store cannot be reached.
 */
export async function admitClick(
  run: RunScript,
  request: AdmissionRequest,
  wait: (milliseconds: number) => Promise<void>,
): Promise<Admission> {
  let admission = await admit(run, request)
  for (const milliseconds of leavingMilliseconds) {
    if (request.dry || !isZapping(admission)) break
    await wait(milliseconds)
    admission = await admit(run, request)
  }
  return admission
}

function isZapping(admission: Admission): boolean {
  return !isAdmitted(admission) && "zapping" in admission && admission.zapping
}
