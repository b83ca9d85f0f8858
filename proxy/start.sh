#!/bin/sh
# Write what differs by host from the environment into a folder beside a copy of nginx.conf, and start nginx there.
#
#   PROXY_UPSTREAM           host:port of the site                                   web:8000
#   PROXY_LISTEN             address or port for HTTP                                8080
#   PROXY_LISTEN_TLS         address or port for TLS, where there is a certificate   8443
#   PROXY_CERTIFICATE        file with the certificate and its chain                 none: HTTP only
#   PROXY_CERTIFICATE_KEY    file with its key
#   PROXY_TRUSTED            addresses of proxies in front of this one, which write X-Forwarded-For and -Proto
#   PROXY_ADMIN_ADDRESSES    addresses that may open the admin and the sign-in       all
#   PROXY_ACME               folder in which certbot puts its proofs                 /var/www/acme
#   PROXY_FOLDER             the folder to write to                                  /tmp/proxy
#
# Lists are separated by spaces; addresses may be networks (203.0.113.0/24, 2001:db8::/32).
set -eu

folder=${PROXY_FOLDER:-/tmp/proxy}
mkdir -p "$folder"
cp "$(dirname "$0")/nginx.conf" "$folder/nginx.conf"
ln -sfn "${PROXY_ACME:-/var/www/acme}" "$folder/acme"
cd "$folder"
rm -f tls.conf

echo "server ${PROXY_UPSTREAM:-web:8000};" > upstream.conf
echo "listen ${PROXY_LISTEN:-8080};" > http.conf

if [ -n "${PROXY_CERTIFICATE:-}" ]; then
    {
        echo "listen ${PROXY_LISTEN_TLS:-8443} ssl http2;"
        echo "ssl_certificate $PROXY_CERTIFICATE;"
        echo "ssl_certificate_key $PROXY_CERTIFICATE_KEY;"
    } > tls.conf
fi

{
    for address in ${PROXY_TRUSTED:-}; do echo "set_real_ip_from $address;"; done
    echo 'geo $realip_remote_addr $is_trusted {'
    echo '    default 0;'
    for address in ${PROXY_TRUSTED:-}; do echo "    $address 1;"; done
    echo '}'
} > trusted.conf

{
    for address in ${PROXY_ADMIN_ADDRESSES:-}; do echo "allow $address;"; done
    if [ -n "${PROXY_ADMIN_ADDRESSES:-}" ]; then echo "deny all;"; fi
} > admin.conf

exec nginx -e stderr -p "$folder/" -c "$folder/nginx.conf" -g "daemon off;"
