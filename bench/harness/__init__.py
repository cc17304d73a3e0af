"""What bench/run is made of: cases, measuring, a web server, a memory cgroup, a report."""
