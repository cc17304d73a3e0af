package io.gantry.runtime;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A mounted ConfigMap or Secret with certificates of authorities. */
public final class CertificateDirectory {

  private CertificateDirectory() {}

  /**
   * Returns the files with certificates in {@code directory}, in the order of their names. The
   * entries that the kubelet makes ({@code ..data}) and directories are passed over; a file without
   * a certificate is told to {@code warnings} and left out, and so is a broken one among others.
   *
   * @throws CaFileException when the directory cannot be read
   */
  public static List<Path> files(Path directory, Consumer<String> warnings) throws IOException {
    List<Path> usable = new ArrayList<>();
    for (Path file : candidates(directory)) {
      try {
        PemCertificates.read(file, warnings);
        usable.add(file);
      } catch (CaFileException e) {
        warnings.accept(String.valueOf(e.getMessage()));
      }
    }
    return usable;
  }

  private static List<Path> candidates(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new CaFileException(
          "CA directory %s cannot be read: %s".formatted(directory, reason(e)), e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such directory";
      case NotDirectoryException _ -> "not a directory";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
