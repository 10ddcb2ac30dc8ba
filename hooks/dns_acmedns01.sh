#!/usr/bin/env sh
# DNS-01 at DigitalOcean for acme.sh and Proxmox, by acme-dns01: issue with --dns dns_acmedns01.
#
# ACMEDNS01_WAIT=no           do not wait for the name servers; acme.sh or Proxmox waits instead
# ACMEDNS01_PROGRAM=<file>    acme-dns01, if it is neither in PATH nor in /usr/local/bin
#
# acme.sh remembers both for renewals. The token does not come from here: see acme-dns01's
# configuration, or DIGITALOCEAN_TOKEN, which Proxmox keeps with its plugin's data.

# shellcheck disable=SC2034 # acme.sh shows this text
dns_acmedns01_info='acme-dns01, for DigitalOcean
Options:
 ACMEDNS01_WAIT Wait for the name servers: yes or no. Default: "yes". Optional.
 ACMEDNS01_PROGRAM The program. Optional.
'

# Usage: dns_acmedns01_add <record name> <value>
dns_acmedns01_add() {
  _acmedns01_read_settings
  _info "acme-dns01: creating the TXT record of $1"
  if [ "$ACMEDNS01_WAIT" = "no" ]; then
    _acmedns01_run acmesh-add "$1" "$2" --no-wait
  else
    _acmedns01_run acmesh-add "$1" "$2"
  fi
}

# Usage: dns_acmedns01_rm <record name> <value>
dns_acmedns01_rm() {
  _acmedns01_read_settings
  _info "acme-dns01: removing the TXT record of $1"
  _acmedns01_run acmesh-rm "$1" "$2"
}

# A setting in the environment is saved; otherwise the saved one is used. Proxmox saves nothing, and
# its _readaccountconf_mutable returns the name of the setting.
_acmedns01_read_settings() {
  for _acmedns01_name in ACMEDNS01_WAIT ACMEDNS01_PROGRAM; do
    eval "_acmedns01_value=\${$_acmedns01_name:-}"
    if [ "$_acmedns01_value" ]; then
      _saveaccountconf_mutable "$_acmedns01_name" "$_acmedns01_value"
    else
      _acmedns01_value="$(_readaccountconf_mutable "$_acmedns01_name")"
      [ "$_acmedns01_value" = "$_acmedns01_name" ] && _acmedns01_value=""
    fi
    eval "$_acmedns01_name=\$_acmedns01_value"
  done
}

# acme.sh passes stderr through; _err marks the failure in its own log.
_acmedns01_run() {
  if ! PATH="${PATH:-/usr/bin:/bin}:/usr/local/bin" "${ACMEDNS01_PROGRAM:-acme-dns01}" hook "$@"; then
    _err "acme-dns01 hook $1 has failed for $2: the reason stands above"
    return 1
  fi
}
