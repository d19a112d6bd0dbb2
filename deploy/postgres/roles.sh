#!/bin/sh
# A database, the role that owns it, and for each service a role with a password and a schema of
# its own; nothing more. The tables are made by the migrations, as the owner.
#
# Run by the image when the database is made, as its superuser. It may be run again: it then sets
# the passwords that lie in the folder of secrets.
set -eu

secrets=${HUBBUB_SECRETS:-/run/hubbub}
psql="psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1"

exists() {
    [ "$($psql --dbname=postgres --tuples-only --no-align --command="$1")" = t ]
}

# usage: role NAME
role() {
    exists "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '$1')" ||
        $psql --dbname=postgres --command="CREATE ROLE $1"
    # By a variable of psql: a password on the command line could be read by others.
    $psql --dbname=postgres <<SQL
\\set password \`cat '$secrets/$1'\`
ALTER ROLE $1 LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
SQL
}

role hubbub_owner
for service in auth rooms messages presence; do
    role "hubbub_$service"
done

exists "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'hubbub')" ||
    $psql --dbname=postgres --command="CREATE DATABASE hubbub OWNER hubbub_owner"

$psql --dbname=hubbub <<'SQL'
SET client_min_messages = warning;
REVOKE ALL ON DATABASE hubbub, postgres, template1 FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE hubbub TO hubbub_auth, hubbub_rooms, hubbub_messages, hubbub_presence;
CREATE SCHEMA IF NOT EXISTS auth AUTHORIZATION hubbub_owner;
CREATE SCHEMA IF NOT EXISTS rooms AUTHORIZATION hubbub_owner;
CREATE SCHEMA IF NOT EXISTS messages AUTHORIZATION hubbub_owner;
CREATE SCHEMA IF NOT EXISTS presence AUTHORIZATION hubbub_owner;
SQL
