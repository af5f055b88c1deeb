// Symbols of the system libraries of Android 7 (API 24), the oldest supported version, that we use; and symbols that
// came later, for the error message. A list: to use another symbol, look up its API level and add it here.

const list = (text) => text.split(/\s+/).filter(Boolean);

/** Used symbols by library; each exists since API 24 or earlier. */
export const used = {
  c: list(`
    __errno __stack_chk_fail __stack_chk_guard __system_property_get _exit abort access bind bsearch
    calloc chdir chmod chroot clock_gettime clock_nanosleep close closedir connect dirfd dup2 environ
    epoll_create1 epoll_ctl epoll_wait eventfd execvp exit fallocate64 fchmod fchown fcntl fdatasync fdopendir
    fgetxattr fork fprintf free freeaddrinfo fremovexattr fsetxattr fstat fstatat fstatfs64 fstatvfs64 fsync
    ftruncate ftruncate64 futimens gai_strerror getaddrinfo getauxval getcwd getenv geteuid getpagesize
    getpeername getpid getrlimit64 getsockname getsockopt gettimeofday ioctl link localtime_r lseek64 lstat
    madvise malloc memchr memcmp memcpy memmove memset mkdir mmap mremap munmap nanosleep open openat opendir
    perror pipe pipe2 poll posix_fadvise64 posix_memalign prctl pread pread64 pthread_attr_destroy pthread_attr_init
    pthread_attr_setstacksize pthread_create pthread_detach pthread_getspecific pthread_join pthread_key_create
    pthread_key_delete pthread_mutex_destroy pthread_mutex_init pthread_mutex_lock pthread_mutex_trylock
    pthread_mutex_unlock pthread_mutexattr_destroy pthread_mutexattr_init pthread_mutexattr_settype pthread_once
    pthread_rwlock_destroy pthread_rwlock_init pthread_rwlock_rdlock pthread_rwlock_unlock pthread_rwlock_wrlock
    pthread_setspecific pwrite pwrite64 qsort read readdir readlink realloc realpath recv rename renameat rmdir
    sched_getaffinity sched_yield send sendfile setgid setgroups setpgid setrlimit64 setsid setsockopt setuid
    shutdown sigaction snprintf socket socketpair sscanf stat statfs64 statvfs64 stderr strchr strcmp strcspn
    strerror_r strlen strncmp strrchr strspn strstr strtol syscall sysconf time unlink unlinkat utimes vsnprintf
    waitpid write writev
  `),
  m: list(`
    log pow
  `),
  dl: list(`
    dl_iterate_phdr dlclose dlerror dlopen dlsym
  `),
  log: list(`
    __android_log_write
  `),
  android: list(`
    AConfiguration_delete AConfiguration_getDensity AConfiguration_new ALooper_acquire ALooper_addFd ALooper_forThread ALooper_pollAll
    ALooper_pollOnce ALooper_prepare ALooper_release ALooper_wake
  `),
};

/**
 * Symbols that the kit links statically from its own archives, so that no Android version has to have them; and what a
 * failed assertion calls by musl's headers, where Android's have another name.
 */
export const kit = list(`
  __assert_fail
  _Unwind_Backtrace _Unwind_DeleteException _Unwind_FindEnclosingFunction _Unwind_GetCFA
  _Unwind_GetDataRelBase _Unwind_GetIP _Unwind_GetIPInfo _Unwind_GetLanguageSpecificData
  _Unwind_GetRegionStart _Unwind_GetTextRelBase _Unwind_RaiseException _Unwind_Resume _Unwind_SetGR
  _Unwind_SetIP
`);

/** Symbols by the API level that introduced them: an older Android does not load a library that needs one of them. */
const newer = {
  26: `
    __sendto_chk __system_property_read_callback __system_property_wait cacoshl cacosl casinhl casinl catanhl
    catanl catclose catgets catopen ccoshl ccosl cexpl clog clogf clogl cpow cpowf cpowl csinhl csinl ctanhl
    ctanl ctermid endgrent endpwent futimes futimesat getdomainname getgrent getpwent getsubopt hasmntopt
    lutimes mallopt mblen msgctl msgget msgrcv msgsnd nl_langinfo nl_langinfo_l pthread_getname_np quotactl
    semctl semget semop semtimedop setdomainname setgrent setpwent shmat shmctl shmdt shmget sighold sigignore
    sigpause sigrelse sigset strtod_l strtof_l strtol_l strtoul_l sync_file_range towctrans towctrans_l
    wctrans wctrans_l`,
  28: `
    __freading __free_hook __fseterr __fwriting __malloc_hook __memalign_hook __ppoll64_chk __realloc_hook
    aligned_alloc endhostent endnetent endprotoent epoll_pwait64 fexecve fflush_unlocked fgetc_unlocked
    fgets_unlocked fputc_unlocked fputs_unlocked fread_unlocked fwrite_unlocked getentropy getlogin_r
    getnetent getprotoent getrandom glob globfree hcreate hcreate_r hdestroy hdestroy_r hsearch hsearch_r
    iconv iconv_close iconv_open posix_spawn posix_spawn_file_actions_addclose
    posix_spawn_file_actions_adddup2 posix_spawn_file_actions_addopen posix_spawn_file_actions_destroy
    posix_spawn_file_actions_init posix_spawnattr_destroy posix_spawnattr_getflags posix_spawnattr_getpgroup
    posix_spawnattr_getschedparam posix_spawnattr_getschedpolicy posix_spawnattr_getsigdefault
    posix_spawnattr_getsigdefault64 posix_spawnattr_getsigmask posix_spawnattr_getsigmask64
    posix_spawnattr_init posix_spawnattr_setflags posix_spawnattr_setpgroup posix_spawnattr_setschedparam
    posix_spawnattr_setschedpolicy posix_spawnattr_setsigdefault posix_spawnattr_setsigdefault64
    posix_spawnattr_setsigmask posix_spawnattr_setsigmask64 posix_spawnp ppoll64 pselect64
    pthread_attr_getinheritsched pthread_attr_setinheritsched pthread_cond_timedwait_monotonic_np
    pthread_mutex_timedlock_monotonic_np pthread_mutexattr_getprotocol pthread_mutexattr_setprotocol
    pthread_rwlock_timedrdlock_monotonic_np pthread_rwlock_timedwrlock_monotonic_np pthread_setschedprio
    pthread_sigmask64 sem_timedwait_monotonic_np sethostent setnetent setprotoent sigaction64 sigaddset64
    sigdelset64 sigemptyset64 sigfillset64 sigismember64 signalfd64 sigpending64 sigprocmask64 sigsuspend64
    sigtimedwait64 sigwait64 sigwaitinfo64 strptime_l swab syncfs wcsftime_l wcstod_l wcstof_l wcstol_l
    wcstoul_l`,
  29: `
    ___tls_get_addr __res_randomid android_fdsan_close_with_tag android_fdsan_create_owner_tag
    android_fdsan_exchange_owner_tag android_fdsan_get_error_level android_fdsan_get_owner_tag
    android_fdsan_get_tag_type android_fdsan_get_tag_value android_fdsan_set_error_level
    android_get_device_api_level getloadavg pthread_sigqueue reallocarray timespec_get`,
  30: `
    __mempcpy_chk __tls_get_addr call_once cnd_broadcast cnd_destroy cnd_init cnd_signal cnd_timedwait
    cnd_wait memfd_create mlock2 mtx_destroy mtx_init mtx_lock mtx_timedlock mtx_trylock mtx_unlock
    pthread_cond_clockwait pthread_mutex_clocklock pthread_rwlock_clockrdlock pthread_rwlock_clockwrlock
    renameat2 sem_clockwait statx thrd_create thrd_current thrd_detach thrd_equal thrd_exit thrd_join
    thrd_sleep thrd_yield tss_create tss_delete tss_get tss_set`,
  31: `
    android_reset_stack_guards ffsl ffsll pidfd_getfd pidfd_open pidfd_send_signal process_madvise`,
  33: `
    backtrace backtrace_symbols backtrace_symbols_fd explicit_bzero preadv2 preadv64v2 pwritev2 pwritev64v2`,
  34: `
    __freadahead close_range copy_file_range memset_explicit posix_spawn_file_actions_addchdir_np
    posix_spawn_file_actions_addfchdir_np`,
  35: `
    epoll_pwait2 epoll_pwait2_64 localtime_rz mbsrtowcs_l mktime_z strerrorname_np tcgetwinsize tcsetwinsize
    timespec_getres tzalloc tzfree wcsrtombs_l`,
};

/** The API level that introduced this symbol, if known. */
export function since(name) {
  return Object.keys(newer).find((level) => list(newer[level]).includes(name)) ?? null;
}
