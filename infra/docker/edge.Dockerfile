# The edge for one server of one's own: the Worker as `wrangler deploy` would upload it, run by workerd. The gateway in front of
# Redis is in this image too (`node infra/local/gateway/main.ts`). Build it from the root of the repository:
#   docker build -f infra/docker/edge.Dockerfile -t tributary-edge .

FROM node:24.21.0-bookworm-slim AS sources
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY shared/package.json shared/
COPY streamer/package.json streamer/
COPY edge/package.json edge/
COPY edge/dashboard/package.json edge/dashboard/
COPY infra/package.json infra/

FROM sources AS build
# The programs of esbuild and workerd are packages of their own, so no install script is needed.
RUN npm ci --ignore-scripts --no-audit --no-fund --workspace=edge --workspace=edge/dashboard --workspace=shared
COPY tsconfig.base.json ./
COPY shared shared
COPY edge edge
ENV WRANGLER_SEND_METRICS=false
RUN npm run build --workspace=edge/dashboard
RUN cd edge && ../node_modules/.bin/wrangler deploy --dry-run --env production --outdir dist

FROM sources AS modules
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace=infra

FROM debian:bookworm-slim
RUN apt-get update -q \
  && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* \
  && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tributary \
  && install -d -o tributary -g tributary /data
COPY --from=modules /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY package.json ./
COPY --from=build /app/edge/wrangler.jsonc edge/
COPY --from=build /app/edge/dashboard/dist edge/dashboard/dist
COPY --from=build /app/edge/dist edge/dist
COPY infra/package.json infra/
COPY infra/local/gateway infra/local/gateway
COPY infra/docker/edge infra/docker/edge
# Wrangler, which reads the Worker's settings, writes a log beside them.
ENV NODE_ENV=production WRANGLER_SEND_METRICS=false WRANGLER_LOG_PATH=/tmp/wrangler
USER tributary
VOLUME ["/data", "/tmp"]
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["node", "infra/docker/edge/health-check.ts"]
CMD ["node", "--disable-warning=ExperimentalWarning", "infra/docker/edge/main.ts"]
