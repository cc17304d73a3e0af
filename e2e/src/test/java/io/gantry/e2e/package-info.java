/**
 * The command that users run, against real images, devices and servers; qemu-img is the oracle.
 *
 * <p>{@code Program} starts {@code ./gantry} as a process. The bulk of the corpus goes through
 * {@code InProcess}, which is the same command without the start of a virtual machine.
 */
package io.gantry.e2e;
