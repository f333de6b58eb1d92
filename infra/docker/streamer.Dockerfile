# The streamer: Debian, ffmpeg and Node, and nothing else that runs. Build it from the root of the repository:
#   docker build -f infra/docker/streamer.Dockerfile -t tributary-streamer .
# Where no container engine is at hand, `node infra/docker/build-in-chroot.ts` runs these very steps.

# Node comes from the official image, whose binary is the one that nodejs.org signs. The npm package `node`, which the
# npm scripts use, fetches its binary in an install script, past the lock file's hashes.
FROM node:24.21.0-bookworm-slim AS modules
WORKDIR /app
# npm checks the lock file against every workspace.
COPY package.json package-lock.json .npmrc ./
COPY shared/package.json shared/
COPY streamer/package.json streamer/
COPY edge/package.json edge/
COPY edge/dashboard/package.json edge/dashboard/
COPY infra/package.json infra/
# No package that a streamer needs has an install script.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace=streamer --workspace=shared

FROM debian:bookworm-slim
# For VAAPI give the card's driver, as in --build-arg GPU_PACKAGES=intel-media-va-driver; NVIDIA's comes from the host.
ARG GPU_PACKAGES=""
# ffmpeg brings Mesa's drivers for windows it never opens here, and LLVM for them: 137 MB that only a VAAPI driver may
# need. Manuals and translations go too.
RUN apt-get update -q \
  && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ca-certificates ffmpeg $GPU_PACKAGES \
  && { [ -n "$GPU_PACKAGES" ] || rm -rf /usr/lib/*-linux-gnu/dri /usr/lib/*-linux-gnu/libLLVM-*; } \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /usr/share/doc /usr/share/man /usr/share/locale \
  && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tributary
COPY --from=modules /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY package.json ./
COPY infra/docker/health-check.ts infra/docker/
COPY shared/package.json shared/
COPY shared/src shared/src
COPY streamer/package.json streamer/
COPY streamer/src streamer/src
# What Node compiled is kept between the threads of imports; guides on their way in are spooled. Nothing else is written.
ENV NODE_ENV=production NODE_COMPILE_CACHE=/tmp/node-compile
USER tributary
# ECS gives a mounted volume the owner and the mode that this folder has here, and only if it is declared.
VOLUME ["/tmp"]
EXPOSE 8090
# ECS does not read this line: its task definition has to repeat it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["node", "infra/docker/health-check.ts"]
# Node itself is process 1, so SIGTERM reaches it. The flags are those of infra/local/parts/streamer-flags.ts.
CMD ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "streamer/src/main.ts"]
