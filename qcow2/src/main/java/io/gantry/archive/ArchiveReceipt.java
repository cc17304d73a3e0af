package io.gantry.archive;

import java.util.List;
import java.util.Optional;

/**
 * What a finished extraction did.
 *
 * @param sourceName as the source names itself
 * @param sourceDigest {@code algo:hex} of the source bytes, when a checksum was asked for
 * @param compressions wrappings around the archive, outermost first ({@code gz}, {@code xz}, {@code
 *     zst})
 * @param members files, directories and links unpacked
 * @param fileBytes sum of the sizes of the files, holes included
 * @param dataBytes written as data
 * @param bytesRead from the source
 * @param warnings what was done otherwise than the archive says, one line each; the first {@value
 *     #WARNINGS_MAX}
 */
public record ArchiveReceipt(
    String sourceName,
    Optional<String> sourceDigest,
    List<String> compressions,
    long members,
    long fileBytes,
    long dataBytes,
    long bytesRead,
    List<String> warnings) {

  static final int WARNINGS_MAX = 20;
}
