import { egressSteps, prices } from "./prices.ts"

/** What the table takes for granted. */
export const assumed = {
  daysPerMonth: 30,
  megabitsPerSecond: 5,
  hoursPerDay: 3,
  viewersPerTask: 300,
  taskCpus: 2,
  taskGigabytes: 4,
  /** Of one viewer: channels chosen, and lists, guides and logos asked for. */
  playsPerDay: 20,
  otherRequestsPerDay: 10,
  /** Of the store: by the edge to admit, and by the streamer to take up, confirm and give back. */
  commandsPerPlay: 5,
  secondsPerBeat: 5,
  commandsPerCron: 5,
}

/** Of a month, in US dollars but for `gigabytes` and `taskHours`. */
export interface MonthlyCost {
  gigabytes: number
  taskHours: number
  egress: number
  tasks: number
  workers: number
  redis: number
  total: number
}

/** So many viewers who watch at the same hours; one task runs in the others. */
export function monthlyCost(viewers: number): MonthlyCost {
  const { daysPerMonth, hoursPerDay } = assumed
  const gigabytes = viewers * gigabytesPerViewerHour() * hoursPerDay * daysPerMonth
  const tasksAtPeak = Math.ceil(viewers / assumed.viewersPerTask)
  const taskHours = (tasksAtPeak * hoursPerDay + (24 - hoursPerDay)) * daysPerMonth
  const egress = egressCost(gigabytes)
  const tasks = taskHours * taskHourCost()
  const workers = workersCost(viewers)
  const redis = redisCost(viewers, taskHours)
  return { gigabytes, taskHours, egress, tasks, workers, redis, total: egress + tasks + workers + redis }
}

/** 5 Mbit/s for an hour are 2.25 GB. */
export const gigabytesPerViewerHour = () => (assumed.megabitsPerSecond * 3600) / 8 / 1000

export const taskHourCost = () =>
  assumed.taskCpus * prices.fargateCpu.dollars +
  assumed.taskGigabytes * prices.fargateMemory.dollars +
  prices.publicAddress.dollars

export function egressCost(gigabytes: number): number {
  let left = gigabytes
  let dollars = 0
  for (const step of egressSteps.steps) {
    const within = Math.min(left, step.gigabytes)
    dollars += within * step.dollars
    left -= within
  }
  return dollars
}

function workersCost(viewers: number): number {
  const { playsPerDay, otherRequestsPerDay, daysPerMonth } = assumed
  const requests = viewers * (playsPerDay + otherRequestsPerDay) * daysPerMonth + minutesPerMonth()
  const beyond = Math.max(0, requests - 10_000_000)
  return prices.workersPlan.dollars + (beyond / 1_000_000) * prices.workersRequests.dollars
}

function redisCost(viewers: number, taskHours: number): number {
  const { playsPerDay, daysPerMonth, commandsPerPlay, secondsPerBeat, commandsPerCron } = assumed
  const plays = viewers * playsPerDay * daysPerMonth * commandsPerPlay
  const beats = (taskHours * 3600) / secondsPerBeat
  const cron = minutesPerMonth() * commandsPerCron
  return ((plays + beats + cron) / 100_000) * prices.redisCommands.dollars
}

const minutesPerMonth = () => assumed.daysPerMonth * 24 * 60
