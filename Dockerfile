# The compendium in a container, from the same requirements.lock as `make` uses:
#   docker build --tag koppelkans . && docker run --rm --volume "$PWD/build:/home/researcher/koppelkans/build" koppelkans
# `libraries` is for who brings the folder along (.devcontainer); the last stage holds the compendium too.
FROM python:3.12-slim-bookworm AS libraries

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 researcher \
    && mkdir /opt/koppelkans \
    && chown researcher: /opt/koppelkans
USER 1000
ENV VIRTUAL_ENV=/opt/koppelkans \
    PATH=/opt/koppelkans/bin:$PATH \
    PYTHONUTF8=1
WORKDIR /home/researcher/koppelkans
COPY --chown=researcher requirements.lock ./
RUN python -m venv "$VIRTUAL_ENV" \
    && pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
# Quarto renders the report in full; its release comes from github.com, and without it there is a preview.
RUN pip install --no-cache-dir "quarto-cli==1.9.*" || echo "no Quarto: the report will be a preview"

FROM libraries
COPY --chown=researcher . ./
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .
CMD ["make"]
