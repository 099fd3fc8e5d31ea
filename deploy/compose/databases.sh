#!/usr/bin/env bash
# Run once by PostgreSQL's own image: each service its own database, owned by its own role, closed to all others.
set -euo pipefail

for service in accounts inventory bookings volunteers notifications; do
    password_name="${service^^}_DB_PASSWORD"
    psql --set ON_ERROR_STOP=1 --username postgres --set name="kommunity_$service" \
        --set password="${!password_name}" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
