package io.gantry.registry;

import io.gantry.http.Authorizer;
import io.gantry.http.HttpSourceOptions;
import io.gantry.http.WebService;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A blob that lies elsewhere, because its publisher lets nobody hand it on (OCI image-spec,
 * layer.md, "Non-Distributable Layers"): the addresses in its descriptor are asked in turn, and the
 * registry last. No credentials go to the former, which are a stranger's words.
 */
final class ForeignBlob implements ReadableByteChannel {

  /** Has no authorization for anybody. */
  private static final Authorizer NONE =
      new Authorizer() {
        @Override
        public Optional<String> authorization() {
          return Optional.empty();
        }

        @Override
        public boolean renew(List<String> challenges) {
          return false;
        }
      };

  private final Descriptor descriptor;
  private final HttpSourceOptions http;
  private final Iterator<URI> addresses;
  private final ReadableByteChannel registry;
  private @Nullable WebService service;
  private @Nullable ReadableByteChannel current;
  private boolean answered;
  private boolean closed;

  /**
   * Asks nobody yet.
   *
   * @param registry the blob as the registry has it, if it does
   */
  ForeignBlob(Descriptor descriptor, HttpSourceOptions http, ReadableByteChannel registry) {
    this.descriptor = descriptor;
    this.http = http.withoutLogin();
    this.addresses = descriptor.urls().iterator();
    this.registry = registry;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    while (true) {
      ReadableByteChannel place = place();
      try {
        int count = place.read(dst);
        answered = true;
        return count;
      } catch (SourceException e) {
        if (answered || place.equals(registry)) {
          throw e;
        }
        leave();
      }
    }
  }

  /** Returns where bytes come from, the next place if the last one had none. */
  private synchronized ReadableByteChannel place() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (current == null && addresses.hasNext()) {
      URI address = addresses.next();
      WebService web = WebService.at(address, http, NONE);
      service = web;
      current = web.open(address.toString(), "blob " + descriptor.digest(), descriptor.size());
    } else if (current == null) {
      current = registry;
    }
    return current;
  }

  private synchronized void leave() throws IOException {
    current = null;
    if (service != null) {
      service.close();
      service = null;
    }
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      leave();
    }
    registry.close();
  }
}
