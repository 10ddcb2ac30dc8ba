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
  _acmedns01_count_adds "$1" "$2"
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
  _acmedns01_count_removals "$1" "$2"
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

# acme.sh calls these functions once for each name of an order, and has in its variables which names
# are to come. So all records but the last are only planned, and the last call creates all of them at
# once and waits once; removals likewise. Whatever looks different from what acme.sh 2.9 to 3.1 have
# there, and everything in Proxmox, is not counted: every call does its own work then.

# Sets _acmedns01_remaining to the number of calls to come, or to nothing if that is not certain.
# acme.sh's entry of a name: "<domain>#<key authorization>#<uri>#<type>#<plugin>#<authorization>".
_acmedns01_count_adds() {
  _acmedns01_remaining=""
  [ "${ventries:-}" ] && [ "${ventry:-}" ] && [ "${sep:-}" ] && [ "${_currentRoot:-}" ] || return 0
  [ "${VTYPE_DNS:-}" ] && [ "${STATE_VERIFIED:-}" ] && [ "${LE_WORKING_DIR:-}" ] || return 0
  [ "${txtdomain:-}" = "$1" ] && [ "${txt:-}" = "$2" ] || return 0
  _acmedns01_place=before
  _acmedns01_count=0
  _acmedns01_seen=" "
  for _acmedns01_entry in $ventries; do
    _acmedns01_has_plugin_of_its_own "$_acmedns01_entry" && return 0
    _acmedns01_is_new "$_acmedns01_entry" || return 0
    if [ "$_acmedns01_entry" = "$ventry" ]; then
      _acmedns01_place=after
    elif [ "$_acmedns01_place" = after ]; then
      case "$_acmedns01_entry" in
        *"$sep$STATE_VERIFIED$sep"*) ;;
        *"$sep$VTYPE_DNS$sep$_currentRoot$sep"*) _acmedns01_count=$((_acmedns01_count + 1)) ;;
      esac
    fi
  done
  [ "$_acmedns01_place" = before ] || _acmedns01_remaining=$_acmedns01_count
}

# An entry that is there twice does not tell which call this one is.
_acmedns01_is_new() {
  case "$_acmedns01_seen" in
    *" $1 "*) return 1 ;;
  esac
  _acmedns01_seen="$_acmedns01_seen$1 "
}

# acme.sh prefers a plugin in the domain's own folder to the common one.
_acmedns01_has_plugin_of_its_own() {
  _acmedns01_domain="${1%%"$sep"*}"
  _acmedns01_plugin="$LE_WORKING_DIR/${_acmedns01_domain#\*.}/$_currentRoot"
  [ -f "$_acmedns01_plugin" ] || [ -f "$_acmedns01_plugin.sh" ]
}

# The same for removals. acme.sh's entry: "<domain>,<name>,<alias>,<plugin>,<value>,<plugin's file>".
_acmedns01_count_removals() {
  _acmedns01_remaining=""
  [ "${dns_entries:-}" ] && [ "${entry:-}" ] && [ "${dvsep:-}" ] && [ "${_currentRoot:-}" ] || return 0
  [ "${txtdomain:-}" = "$1" ] && [ "${txt:-}" = "$2" ] && [ "${d_api:-}" ] || return 0
  _acmedns01_place=before
  _acmedns01_count=0
  _acmedns01_seen=" "
  for _acmedns01_entry in $dns_entries; do
    _acmedns01_is_new "$_acmedns01_entry" || return 0
    if [ "$_acmedns01_entry" = "$entry" ]; then
      _acmedns01_place=after
    elif [ "$_acmedns01_place" = after ]; then
      case "$_acmedns01_entry" in
        *"$dvsep$_currentRoot$dvsep"*"$dvsep$d_api") _acmedns01_count=$((_acmedns01_count + 1)) ;;
        *"$dvsep$_currentRoot$dvsep"*) return 0 ;;
      esac
    fi
  done
  [ "$_acmedns01_place" = before ] || _acmedns01_remaining=$_acmedns01_count
}

# acme.sh passes stderr through; _err marks the failure in its own log.
_acmedns01_run() {
  if ! ACMEDNS01_REMAINING="$_acmedns01_remaining" ACMEDNS01_ORDER="${Le_LinkOrder:-}" \
    PATH="${PATH:-/usr/bin:/bin}:/usr/local/bin" \
    "${ACMEDNS01_PROGRAM:-acme-dns01}" hook "$@"; then
    _err "acme-dns01 hook $1 has failed for $2: the reason stands above"
    return 1
  fi
}
