// The system's libpcap, as it is.
#include <pcap/pcap.h>
