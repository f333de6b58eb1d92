/**
 * Node's flags for a streamer. A viewer who comes and goes leaves some garbage, and V8 lets its young generation grow to
 * 3 x 16 MiB before it looks: with 4 MiB a round of a thousand viewers leaves a quarter of the memory behind (bench
 * `fan-out`). Imports, which run in threads with limits of their own, take as long as before (bench `import`).
 */
export const streamerFlags = ["--max-semi-space-size=4"]
