/** A price in US dollars, and where it is from. All of them were looked up on 25 November 2026, in stored copies. */
export interface Price {
  dollars: number
  per: string
  source: string
  /** Of the source, as it dates itself. */
  dated: string
}

const fargate = { source: "https://www.vantage.sh/blog/fargate-pricing", dated: "2021-04-22" }

export const prices = {
  fargateCpu: { dollars: 0.03238, per: "vCPU and hour, Linux on ARM, us-east-1", ...fargate },
  fargateMemory: { dollars: 0.00356, per: "GB and hour, Linux on ARM, us-east-1", ...fargate },
  publicAddress: {
    dollars: 0.005,
    per: "public IPv4 address and hour",
    source: "https://www.javierinthecloud.com/aws-public-ipv4-addresses-will-have-a-cost",
    dated: "in force since 2024-02-01",
  },
  workersPlan: {
    dollars: 5,
    per: "month, with 10 million requests",
    source: "https://github.com/halideworks/onelight/wiki/Pricing",
    dated: "2026-08-03",
  },
  workersRequests: {
    dollars: 0.3,
    per: "further million requests",
    source: "https://developers.cloudflare.com/workflows/reference/pricing/",
    dated: "2025",
  },
  redisCommands: {
    dollars: 0.2,
    per: "100,000 commands, pay as you go",
    source: "https://upstash.com/pricing/redis",
    dated: "2026-09-20",
  },
} satisfies Record<string, Price>

/** What AWS takes for traffic to the internet: each GB at the price of the step that it falls in. */
export const egressSteps = {
  source: "https://wring.co/blog/aws-data-transfer-pricing-guide",
  dated: "2026-03-08",
  steps: [
    { gigabytes: 100, dollars: 0 },
    { gigabytes: 10_140, dollars: 0.09 },
    { gigabytes: 40_960, dollars: 0.085 },
    { gigabytes: 102_400, dollars: 0.07 },
    { gigabytes: Number.POSITIVE_INFINITY, dollars: 0.05 },
  ],
}
