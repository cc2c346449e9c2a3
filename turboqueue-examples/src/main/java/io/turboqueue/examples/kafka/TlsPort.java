package io.turboqueue.examples.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Whether a port speaks TLS. A client that expects the other only sees that the broker hangs up, which looks like a broker that
 * is away.
 */
enum TlsPort {
    /** It speaks TLS. */
    TLS,
    /** It accepts connections and does not. */
    PLAINTEXT,
    /** Nothing accepts connections. */
    UNREACHABLE;

    private static final int PATIENCE_MILLIS = 2_000;

    /**
     * Tries a handshake with the first broker that can be reached.
     *
     * @param bootstrap as {@code host:port, host:port}
     */
    static TlsPort of(String bootstrap) {
        for (String address : List.of(bootstrap.split("\\s*,\\s*", -1))) {
            int colon = address.lastIndexOf(':');
            String host = address.substring(0, colon);
            int port = Integer.parseInt(address.substring(colon + 1));
            try (Socket plain = new Socket()) {
                plain.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
                return speaksTls(plain, host, port) ? TLS : PLAINTEXT;
            } catch (IOException cannotBeReached) {
                // perhaps the next one
            }
        }
        return UNREACHABLE;
    }

    private static boolean speaksTls(Socket plain, String host, int port) throws IOException {
        plain.setSoTimeout(PATIENCE_MILLIS);
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true)) {
            socket.startHandshake();
            return true;
        } catch (SSLHandshakeException refused) {
            return !(refused.getCause()
                    instanceof EOFException); // a certificate was refused: by either side, it is TLS
        } catch (SSLException | SocketException | SocketTimeoutException notTls) {
            return false; // it answers in another protocol, hangs up, or waits for more
        }
    }
}
