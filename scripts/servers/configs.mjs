// Configurations of the servers, as text. Each takes the folder with the files and the ports.

export const nginx = ({ folder, www, http, https }) => `
daemon off; master_process off; worker_processes 1;
pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
events { worker_connections 512; }
http {
  access_log off; default_type application/octet-stream; sendfile on;
  types { text/html html; }
  client_body_temp_path ${folder}/n1; proxy_temp_path ${folder}/n2; fastcgi_temp_path ${folder}/n3;
  uwsgi_temp_path ${folder}/n4; scgi_temp_path ${folder}/n5;
  limit_conn_zone $binary_remote_addr zone=client:1m; limit_conn_status 503;
  server {
    listen 127.0.0.1:${http}; root ${www};
    location /slow/ { alias ${www}/; limit_rate 3m; }
    # A signed link that expires while the file comes.
    location /expiring/ {
      secure_link $arg_md5,$arg_expires; secure_link_md5 "$secure_link_expires$uri key";
      if ($secure_link = "") { return 403; }
      if ($secure_link = "0") { return 410; }
      alias ${www}/; limit_rate 3m;
    }
    # A session, without which one is led to a page.
    location /session/ {
      auth_request /auth; error_page 401 = @login; alias ${www}/; limit_rate 2m;
    }
    location = /auth { internal; if ($cookie_session != "good") { return 401; } return 204; }
    location @login { return 302 /page.html; }
    location /two/ { limit_conn client 2; limit_rate 3m; alias ${www}/; }
  }
  server {
    listen 127.0.0.1:${https} ssl; root ${www};
    ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
  }
}
`;

/** `once` refuses every request for a link after the first one; `misled` redirects it to a page. */
export const haproxy = ({ http, once, misled }) => `
global
  maxconn 200
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend once
  bind 127.0.0.1:${once}
  stick-table type string len 100 size 1k expire 60s store http_req_cnt
  http-request track-sc0 url
  http-request deny deny_status 403 if { sc0_http_req_cnt gt 1 }
  default_backend files
frontend misled
  bind 127.0.0.1:${misled}
  stick-table type string len 100 size 1k expire 60s store http_req_cnt
  http-request track-sc0 url
  http-request redirect location http://127.0.0.1:${http}/page.html if { sc0_http_req_cnt gt 1 }
  default_backend files
backend files
  server nginx 127.0.0.1:${http}
`;

export const lighttpd = ({ folder, www, port }) => `
server.document-root = "${www}"
server.bind = "127.0.0.1"
server.port = ${port}
server.pid-file = "${folder}/lighttpd.pid"
server.errorlog = "${folder}/lighttpd.log"
mimetype.assign = ( ".html" => "text/html", "" => "application/octet-stream" )
`;

export const apache = ({ folder, www, programs, port }) => `
ServerRoot ${folder}
ServerName 127.0.0.1
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/apache.log
LoadModule mpm_event_module ${programs}/usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module ${programs}/usr/lib/apache2/modules/mod_authz_core.so
LoadModule mime_module ${programs}/usr/lib/apache2/modules/mod_mime.so
LoadModule negotiation_module ${programs}/usr/lib/apache2/modules/mod_negotiation.so
TypesConfig /dev/null
AddType text/plain .txt
AddType application/x-tar .tar
AddEncoding x-gzip .gz .tgz
Listen 127.0.0.1:${port}
DocumentRoot ${www}
<Directory ${www}>
  Options +MultiViews
  Require all granted
</Directory>
`;

/** A proxy that requires Digest authentication (RFC 7616) for everything, tunnels included. */
export const squid = ({ folder, programs, port, https }) => `
http_port 127.0.0.1:${port}
pid_filename ${folder}/squid.pid
cache_log ${folder}/squid/cache.log
access_log none
cache_store_log none
coredump_dir ${folder}/squid
visible_hostname localhost
cache_effective_user nobody
mime_table ${programs}/usr/share/squid/mime.conf
icon_directory ${programs}/usr/share/squid/icons
error_directory ${programs}/usr/share/squid-langpack/templates
unlinkd_program ${programs}/usr/lib/squid/unlinkd
logfile_daemon ${programs}/usr/lib/squid/log_file_daemon
pinger_enable off
shutdown_lifetime 0 seconds
auth_param digest program ${programs}/usr/lib/squid/digest_file_auth -c ${folder}/squid/passwords
auth_param digest realm proxy
auth_param digest children 1
acl signed_in proxy_auth REQUIRED
acl tls port ${https}
acl CONNECT method CONNECT
http_access deny CONNECT !tls
http_access allow signed_in
http_access deny all
cache_mem 8 MB
`;
