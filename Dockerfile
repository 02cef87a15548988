# Build: everything, and of it what package.json releases, with what it needs at run time.
FROM node:22.22.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing is compiled: the binaries of lmdb, ffi-rs and chdb are packages of their own.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build \
  && npm prune --omit=dev --ignore-scripts \
  && npm pack --ignore-scripts --pack-destination /tmp \
  && mkdir /release \
  && tar -xzf /tmp/loyalty-warehouse-*.tgz -C /release --strip-components=1 \
  && mv node_modules /release/

FROM node:22.22.2-bookworm-slim
ENV NODE_ENV=production \
    DATA_DIR=/data \
    CONFIG_FILE=/data/loyalty.config.json
RUN install -d -o node -g node -m 0700 /data
WORKDIR /app
COPY --from=build /release ./
USER node
VOLUME /data
EXPOSE 8080 8081
# The admin port is there in every role.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ADMIN_PORT || 8081}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["start"]
