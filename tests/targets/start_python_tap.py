"""Starts the Python tap with the host of the API replaced.

python start_python_tap.py HOST, then the tap's own arguments
"""

import sys

from tap_zendesk_chat import http, main

host = sys.argv.pop(1)
http.Client.get_base_url = lambda _client: host
main()
