"""The Linux dataplane: nftables, routes and sysctls, for the tunnels that strongSwan keeps."""
