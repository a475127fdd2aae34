# The executable and nothing else: build it (`deno task build` on Linux) or download a release and
# name it with `--build-arg BINARY=…`. The base has glibc, which the executable needs, and CA certificates.
FROM gcr.io/distroless/cc-debian12:nonroot
ARG BINARY=dist/tap-zendesk-chat
COPY --chmod=755 ${BINARY} /usr/local/bin/tap-zendesk-chat
ENTRYPOINT ["/usr/local/bin/tap-zendesk-chat"]
