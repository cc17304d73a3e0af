package io.gantry.cli;

import io.gantry.transfer.Receipt;
import java.util.OptionalLong;

/**
 * A receipt, and what only the command knows.
 *
 * @param targetName as it was given
 * @param elapsedSeconds from reading the command line to the last sync
 * @param peakMemory most resident memory of the process, bytes
 */
record Summary(
    Receipt receipt, String targetName, double elapsedSeconds, OptionalLong peakMemory) {}
