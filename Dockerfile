# One image for web, worker and beat; docker-compose.yml says which is which.
FROM node:22-bookworm-slim AS browser
WORKDIR /srv
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev
COPY script/vendor script/vendor
RUN script/vendor

FROM python:3.12-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    poppler-utils poppler-data \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home portal
WORKDIR /srv
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=browser /srv/static/vendor static/vendor
ENV PYTHONUNBUFFERED=1 VAR_DIR=/srv/var STATIC_ROOT=/srv/public
# The keys of this step are thrown away with its folder: collecting static files needs none.
RUN VAR_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 && rm -rf /tmp/build \
 && mkdir -p /srv/var && chown portal /srv/var
USER portal
VOLUME /srv/var
EXPOSE 8000
CMD ["gunicorn", "--config", "portal/gunicorn_config.py", "portal.wsgi"]
