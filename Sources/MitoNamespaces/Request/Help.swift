/// What `mito-ns --help` prints.
enum Help {
    static let text = """
        mito-ns: joins or makes namespaces, and becomes a program in there, with no privilege left.

          mito-ns enter  WHAT… HOW… -- PROGRAM ARGUMENT…    joins namespaces that exist
          mito-ns create WHAT… HOW… -- PROGRAM ARGUMENT…    makes new ones
          mito-ns capabilities [--json]                     what it may do here, and how to grant what is missing

        WHAT to enter
          --pid N                    every namespace of process N that differs from ours, and its root directory
          --pidfd                    the same for the process behind the open pidfd 5
          --only KIND,…              of those only these: user mount pid net uts ipc cgroup time
          --namespace KIND=PATH      one namespace, by path (no symbolic links, but in /proc); may be repeated
          --namespace KIND=N         … by open descriptor, 6 or above
          --root PATH, --keep-root   another root directory, or none

        WHAT to create
          --new KIND,…               one or more of the same kinds
          --map-user IN:OUT:COUNT    users of a new user namespace, and who they are outside; may be repeated
          --map-group IN:OUT:COUNT   the same for groups; by default both are the caller under his own number
          --hostname NAME            in a new uts namespace
          --mount-proc               a /proc of its own, in a new mount namespace
          --private-mounts           no mount gets into or out of a new mount namespace

        HOW the program is run
          --directory PATH           its working directory; by default the user's home, where there is one
          --user USER[:GROUP]        names of the /etc/passwd and /etc/group in there, or numbers; sets HOME, SHELL,
                                     LOGNAME and USER. Without it the user stays the same; one whom the user namespace
                                     does not know becomes its superuser
          --groups GID,…|none        its other groups; by default those that list the user
          --keep-capability NAME     stays permitted, effective, inheritable and ambient; may be repeated
          --keep-bounding            leaves the bounding set as it is
          --allow-new-privileges     lets it execute files that give privileges
          --die-with-parent          kills it when whoever started mito-ns ends
          --image                    PROGRAM is only the name; descriptor 4 is executed, and stays open
          --report                   on failure, one line `STAGE ERRNO TEXT` on descriptor 3, and nothing on stderr

        Where a pid namespace is joined or made, mito-ns stays as the program's parent: it passes on SIGTERM, SIGINT,
        SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2, and ends as the program ended. The program never outlives it.

        Exit status of its own: 64 the command line makes no sense · 69 it may not · 71 a system call failed, or what
        was to be joined is gone · 126 the program cannot be executed · 127 there is no such program.

        Examples
          mito-ns enter --pid "$(podman inspect --format '{{.State.Pid}}' web)" --user www-data -- id
          mito-ns enter --namespace net=/run/netns/blue -- ip address
          mito-ns create --new user,mount,pid,net --mount-proc -- ps aux
          mito-ns create --new user,net --keep-capability net_admin -- ip link set lo up

        """
}
