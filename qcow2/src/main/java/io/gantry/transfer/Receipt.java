package io.gantry.transfer;

import io.gantry.target.TargetReport;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * What a finished transfer did.
 *
 * @param sourceName as the source names itself
 * @param sourceSize bytes the source holds, when known
 * @param sourceDigest {@code algo:hex} of the source bytes, when a checksum was asked for
 * @param compressions wrappings around the image, outermost first ({@code gz}, {@code xz}, {@code
 *     zst})
 * @param format of the image
 * @param plan what was done, for people: {@code ranges}, {@code stream}, {@code scratch}
 * @param virtualSize of the image, bytes
 * @param diskSize bytes of disk now at the target (virtual size rounded up to 512, or grown)
 * @param bytesRead from the source
 * @param dataBytes written as data
 * @param zeroBytes made zero at the target
 * @param skippedBytes zero areas that needed nothing done
 * @param scratchBytes written to scratch space
 * @param contentDigest {@code algo:hex} of the disk at the target, when asked for
 * @param target what was applied there
 * @param stageSeconds wall seconds per stage: {@code open}, {@code copy}, {@code sync}, {@code
 *     digest}
 */
public record Receipt(
    String sourceName,
    OptionalLong sourceSize,
    Optional<String> sourceDigest,
    java.util.List<String> compressions,
    String format,
    String plan,
    long virtualSize,
    long diskSize,
    long bytesRead,
    long dataBytes,
    long zeroBytes,
    long skippedBytes,
    long scratchBytes,
    Optional<String> contentDigest,
    TargetReport target,
    SequencedMap<String, Double> stageSeconds) {}
